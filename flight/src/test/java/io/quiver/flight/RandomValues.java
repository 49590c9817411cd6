package io.quiver.flight;

import io.quiver.executor.query.Consistency;
import io.quiver.executor.query.Consistency.Pinned.Place;
import io.quiver.executor.query.Deadline;
import io.quiver.executor.query.Explanation;
import io.quiver.executor.query.Filter;
import io.quiver.executor.query.GroupBy;
import io.quiver.executor.query.Hits;
import io.quiver.executor.query.Projection;
import io.quiver.executor.query.Query;
import io.quiver.executor.query.Rank;
import io.quiver.executor.query.SearchEffort;
import io.quiver.log.record.CollectionId;
import io.quiver.log.record.Embedding;
import io.quiver.log.record.LogOffset;
import io.quiver.log.record.Metadata;
import io.quiver.log.record.MetadataValue;
import io.quiver.log.record.MetadataValue.Array;
import io.quiver.log.record.MetadataValue.Bool;
import io.quiver.log.record.MetadataValue.Int;
import io.quiver.log.record.MetadataValue.Real;
import io.quiver.log.record.MetadataValue.Scalar;
import io.quiver.log.record.MetadataValue.Sparse;
import io.quiver.log.record.MetadataValue.Text;
import io.quiver.log.record.SparseVector;
import io.quiver.log.record.VectorRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Draws queries, hits and records of every shape, reproducibly from a printed seed. */
public final class RandomValues {
    private final Random random;

    public RandomValues(long seed) {
        this.random = new Random(seed);
    }

    /** Prints the seed, so that a failure can be repeated. */
    public static RandomValues printed() {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        return new RandomValues(seed);
    }

    public int below(int bound) {
        return random.nextInt(bound);
    }

    public <T> List<T> some(int max, Supplier<T> each) {
        return IntStream.range(0, random.nextInt(max + 1))
                .mapToObj(_ -> each.get())
                .toList();
    }

    public Embedding embedding(int dimension) {
        float[] values = new float[dimension];
        for (int i = 0; i < dimension; i++) {
            values[i] = random.nextFloat() - 0.5f;
        }
        return Embedding.of(values);
    }

    public String text() {
        return switch (random.nextInt(5)) {
            case 0 -> "";
            case 1 -> "向量 🏹 " + random.nextInt();
            case 2 -> "x".repeat(random.nextInt(300));
            default -> "text " + random.nextInt(100);
        };
    }

    public Scalar scalar() {
        return switch (random.nextInt(4)) {
            case 0 -> new Bool(random.nextBoolean());
            case 1 -> new Int(random.nextLong());
            case 2 -> new Real(random.nextInt(10));
            default -> new Text(text());
        };
    }

    public Metadata metadata() {
        Map<String, MetadataValue> fields = new LinkedHashMap<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            Scalar value = scalar();
            fields.put(
                    "key" + i,
                    switch (random.nextInt(6)) {
                        case 0 -> new Array(List.of(value, value));
                        case 1 -> new Sparse(sparse());
                        default -> value;
                    });
        }
        return new Metadata(fields);
    }

    private SparseVector sparse() {
        long[] ascending =
                random.longs(random.nextInt(4), 0, 1L << 32).sorted().distinct().toArray();
        int[] indices = new int[ascending.length];
        float[] values = new float[ascending.length];
        for (int i = 0; i < indices.length; i++) {
            indices[i] = (int) ascending[i];
            values[i] = random.nextFloat() - 0.5f;
        }
        List<String> tokens = random.nextBoolean() ? null : Collections.nCopies(indices.length, text());
        return SparseVector.of(indices, values, tokens);
    }

    public VectorRecord record(String id, int dimension) {
        return new VectorRecord(id, embedding(dimension), maybe(this::text), maybe(this::text), metadata());
    }

    public Filter filter(int depth) {
        return switch (random.nextInt(depth > 0 ? 11 : 8)) {
            case 0 -> Filter.ALL;
            case 1 -> new Filter.Ids(new LinkedHashSet<>(some(5, this::text)));
            case 2 -> new Filter.Equals(text(), scalar());
            case 3 -> new Filter.In(text(), List.of(new Int(1), new Int(random.nextInt())));
            case 4 ->
                new Filter.Compares(
                        text(), List.of(Filter.Comparison.values()).get(random.nextInt(4)), new Real(random.nextInt()));
            case 5 -> new Filter.ArrayContains(text(), scalar());
            case 6 -> new Filter.DocumentContains(text());
            case 7 -> new Filter.DocumentMatches(text());
            case 8 -> new Filter.And(some(4, () -> filter(depth - 1)));
            case 9 -> new Filter.Or(some(4, () -> filter(depth - 1)));
            default -> new Filter.Not(filter(depth - 1));
        };
    }

    public Query query() {
        CollectionId collection = CollectionId.random();
        Filter filter = filter(3);
        Deadline deadline = Deadline.after(Duration.ofMillis(random.nextInt(100_000)));
        Consistency consistency = random.nextInt(5) == 0
                ? new Consistency.Pinned(
                        random.nextLong(), List.of(Place.values()).get(random.nextInt(3)), freshness())
                : freshness();
        return switch (random.nextInt(4)) {
            case 0 ->
                new Query.Nearest(
                        collection,
                        embedding(1 + random.nextInt(200)),
                        random.nextInt(Query.Nearest.K_MAX + 1),
                        filter,
                        projection(),
                        consistency,
                        deadline,
                        effort(),
                        random.nextBoolean(),
                        random.nextBoolean());
            case 1 ->
                new Query.Scan(
                        collection,
                        random.nextLong(1L << 40),
                        random.nextInt(1000),
                        filter,
                        projection(),
                        consistency,
                        deadline);
            case 2 ->
                new Query.Search(
                        collection,
                        rank(3),
                        maybe(this::groupBy),
                        random.nextLong(1L << 40),
                        random.nextInt(1000),
                        filter,
                        projection(),
                        consistency,
                        deadline);
            default -> new Query.Count(collection, filter, consistency, deadline);
        };
    }

    private Consistency freshness() {
        return switch (random.nextInt(4)) {
            case 0 -> Consistency.STRONG;
            case 1 -> new Consistency.AtLeast(new LogOffset(random.nextInt(1000)));
            case 2 -> new Consistency.At(new LogOffset(random.nextInt(1000)));
            default -> new Consistency.IndexOnly();
        };
    }

    /** With at most two operands each, so that it keeps to the limits of a search. */
    public Rank rank(int depth) {
        return switch (random.nextInt(depth > 0 ? 5 : 2)) {
            case 0 -> new Rank.Knn(target(), random.nextInt(1000), maybe(random::nextDouble), random.nextBoolean());
            case 1 -> new Rank.Value(random.nextDouble());
            case 2 -> new Rank.Folded(any(Rank.Fold.values()), some(2, () -> rank(depth - 1)));
            case 3 -> new Rank.Combined(any(Rank.Operator.values()), rank(depth - 1), rank(depth - 1));
            default -> new Rank.Mapped(any(Rank.Function.values()), rank(depth - 1));
        };
    }

    private Rank.Target target() {
        if (random.nextBoolean()) {
            return new Rank.Target.Dense(embedding(1 + random.nextInt(50)));
        }
        int[] indices = random.ints(random.nextInt(10)).distinct().toArray();
        int[] ascending = IntStream.of(indices)
                .mapToLong(Integer::toUnsignedLong)
                .sorted()
                .mapToInt(index -> (int) index)
                .toArray();
        float[] values = embedding(1 + ascending.length).toArray();
        return new Rank.Target.Sparse(
                text(), SparseVector.of(ascending, Arrays.copyOf(values, ascending.length), null));
    }

    private GroupBy groupBy() {
        List<String> order = random.nextBoolean() ? List.of(GroupBy.SCORE) : List.of(text(), text());
        return new GroupBy(List.of(text()), order, random.nextBoolean(), 1 + random.nextInt(10));
    }

    private <T> T any(T[] values) {
        return values[random.nextInt(values.length)];
    }

    private SearchEffort effort() {
        return switch (random.nextInt(3)) {
            case 0 -> SearchEffort.DEFAULT;
            case 1 -> new SearchEffort.Ef(1 + random.nextInt(SearchEffort.Ef.EF_MAX));
            default -> new SearchEffort.TargetRecall(1 - random.nextDouble());
        };
    }

    private Explanation explanation() {
        return new Explanation(
                random.nextLong(),
                some(
                        5,
                        () -> new Explanation.Part(
                                text(),
                                way(),
                                random.nextLong(1L << 40),
                                random.nextLong(1L << 40),
                                random.nextDouble(),
                                random.nextInt(1000),
                                random.nextLong(),
                                random.nextLong(),
                                random.nextLong(),
                                random.nextLong(),
                                random.nextInt(1000),
                                random.nextFloat(),
                                random.nextLong(1L << 40),
                                some(3, this::alternative))));
    }

    private Explanation.Way way() {
        List<Explanation.Way> ways = List.of(Explanation.Way.values());
        return ways.get(random.nextInt(ways.size()));
    }

    private Explanation.Alternative alternative() {
        return new Explanation.Alternative(way(), random.nextInt(1000), random.nextLong());
    }

    @SuppressWarnings("NullAway") // it does not see annotations on arrays and type arguments across modules
    public Hits hits() {
        int size = random.nextInt(4) == 0 ? 0 : random.nextInt(40);
        int dimension = 1 + random.nextInt(50);
        float[] distances = new float[size];
        for (int i = 0; i < size; i++) {
            distances[i] = random.nextInt(10) == 0 ? Float.NaN : random.nextFloat();
        }
        return new Hits(
                new LogOffset(random.nextInt(1_000_000)),
                random.nextLong(1L << 40),
                random.nextBoolean(),
                exactly(size, this::text),
                maybe(() -> distances),
                maybe(() -> exactly(size, () -> embedding(dimension))),
                maybe(() -> nullable(size)),
                maybe(() -> nullable(size)),
                maybe(() -> exactly(size, this::metadata)),
                maybe(random::nextFloat),
                maybe(this::explanation));
    }

    public Projection projection() {
        return new Projection(
                random.nextBoolean(),
                random.nextBoolean(),
                random.nextBoolean(),
                random.nextBoolean(),
                random.nextBoolean());
    }

    private <T> @Nullable T maybe(Supplier<T> value) {
        return random.nextInt(3) == 0 ? null : value.get();
    }

    private static <T> List<T> exactly(int size, Supplier<T> each) {
        return IntStream.range(0, size).mapToObj(_ -> each.get()).toList();
    }

    private List<@Nullable String> nullable(int size) {
        List<@Nullable String> texts = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            texts.add(maybe(this::text));
        }
        return texts;
    }
}

package io.quiver.compactor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.executor.CollectionStats;
import io.quiver.executor.ExecutorFixture;
import io.quiver.executor.index.Seeds;
import io.quiver.executor.query.Consistency;
import io.quiver.executor.query.Filter;
import io.quiver.executor.query.GroupBy;
import io.quiver.executor.query.Hits;
import io.quiver.executor.query.Projection;
import io.quiver.executor.query.Query;
import io.quiver.executor.query.Rank;
import io.quiver.log.record.CollectionId;
import io.quiver.log.record.Embedding;
import io.quiver.log.record.Metadata;
import io.quiver.log.record.MetadataPatch;
import io.quiver.log.record.MetadataValue;
import io.quiver.log.record.MetadataValue.Int;
import io.quiver.log.record.MetadataValue.Real;
import io.quiver.log.record.MetadataValue.Text;
import io.quiver.log.record.Operation;
import io.quiver.log.record.RecordPatch;
import io.quiver.log.record.SparseVector;
import io.quiver.log.record.VectorRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random searches by rank expressions against a plain model: over two sealed segments and several deltas, with records
 * that were written again and deleted. Coordinates are small integers, so that distances are exact and often equal.
 */
class RankModelTest {
    private static final int SEARCHES = 1_000;
    private static final int BATCH = 10;
    private static final int DIMENSION = 3;
    private static final int RECORDS = 150;

    private final Random random = Seeds.random("RankModelTest");
    private final Map<String, VectorRecord> model = new LinkedHashMap<>();

    @Test
    void thousandSearchesFindWhatTheModelFinds(@TempDir Path directory) throws IOException {
        try (CompactorFixture system = CompactorFixture.open(directory, ExecutorFixture.smallDeltas(30))) {
            ExecutorFixture quiver = system.quiver;
            CollectionId arrows = quiver.create("arrows");
            writeSome(quiver, arrows, 0);
            system.compact(arrows);
            writeSome(quiver, arrows, RECORDS / 3);
            system.compact(arrows);
            writeSome(quiver, arrows, 2 * RECORDS / 3);
            CollectionStats stats = quiver.executor.stats().collections().getFirst();
            assertTrue(stats.sealedSegments() >= 1 && stats.deltaRows() > 0, stats::toString);
            int found = 0;
            for (int i = 0; i < SEARCHES; i += BATCH) {
                found += compare(quiver, arrows);
            }
            assertTrue(found > SEARCHES, found + " hits in all");
        }
    }

    private int compare(ExecutorFixture quiver, CollectionId arrows) {
        List<Query.Search> searches =
                IntStream.range(0, BATCH).mapToObj(_ -> search(arrows)).toList();
        List<Hits> answers = quiver.all(List.copyOf(searches));
        for (int i = 0; i < BATCH; i++) {
            Query.Search search = searches.get(i);
            RankModel plain = new RankModel(List.copyOf(model.values()), search.filter());
            assertEquals(plain.answer(search), scored(answers.get(i)), search::toString);
        }
        return answers.stream().mapToInt(Hits::size).sum();
    }

    private static List<RankModel.Scored> scored(Hits hits) {
        float[] scores = Objects.requireNonNull(hits.distances());
        return IntStream.range(0, hits.size())
                .mapToObj(i -> new RankModel.Scored(hits.ids().get(i), scores[i]))
                .toList();
    }

    // ---- records ----

    /** Adds a third of the records; writes some of those before again, which keeps their place, and deletes others. */
    private void writeSome(ExecutorFixture quiver, CollectionId arrows, int from) {
        for (int i = from; i < from + RECORDS / 3; i++) {
            VectorRecord fresh = new VectorRecord("r" + i, embedding(), null, null, metadata());
            model.put(fresh.id(), fresh);
            quiver.write(arrows, new Operation.Add(fresh));
            if (i % 4 == 3) {
                change(quiver, arrows, "r" + random.nextInt(i));
            }
        }
    }

    private void change(ExecutorFixture quiver, CollectionId arrows, String id) {
        if (random.nextInt(3) == 0) {
            model.remove(id);
            quiver.write(arrows, new Operation.Delete(id));
            return;
        }
        Operation change = new Operation.Upsert(new RecordPatch(id, embedding(), null, null, MetadataPatch.NONE));
        model.put(id, Objects.requireNonNull(change.applyTo(model.get(id))));
        quiver.write(arrows, change);
    }

    private Embedding embedding() {
        float[] values = new float[DIMENSION];
        for (int i = 0; i < DIMENSION; i++) {
            values[i] = random.nextInt(5);
        }
        return Embedding.of(values);
    }

    private Metadata metadata() {
        Map<String, MetadataValue> fields = new LinkedHashMap<>();
        if (random.nextInt(5) > 0) {
            fields.put("kind", new Text("k" + random.nextInt(4)));
        }
        if (random.nextInt(5) > 0) {
            int number = random.nextInt(6);
            fields.put("n", random.nextBoolean() ? new Int(number) : new Real(number));
        }
        if (random.nextInt(3) > 0) {
            fields.put("sparse", new MetadataValue.Sparse(sparse()));
        }
        return new Metadata(fields);
    }

    // ---- searches ----

    private Query.Search search(CollectionId arrows) {
        return new Query.Search(
                arrows,
                rank(3),
                random.nextInt(3) == 0 ? groupBy() : null,
                random.nextInt(4) == 0 ? random.nextInt(20) : 0,
                random.nextInt(4) == 0 ? random.nextInt(20) : Integer.MAX_VALUE,
                filter(),
                Projection.EVERYTHING,
                Consistency.STRONG,
                ExecutorFixture.soon());
    }

    private Filter filter() {
        return switch (random.nextInt(4)) {
            case 0 -> new Filter.Equals("kind", new Text("k" + random.nextInt(4)));
            case 1 -> new Filter.Not(new Filter.Equals("kind", new Text("k1")));
            default -> Filter.ALL;
        };
    }

    /** At the top mostly something that finds records. */
    private Rank rank(int depth) {
        return switch (random.nextInt(depth == 0 ? 4 : depth == 3 ? 12 : 10)) {
            case 0, 1, 2 -> knn();
            case 3 -> new Rank.Value(random.nextInt(7) - 3);
            case 4 -> new Rank.Mapped(any(Rank.Function.values()), rank(depth - 1));
            case 5, 6 -> new Rank.Combined(any(Rank.Operator.values()), rank(depth - 1), rank(depth - 1));
            default -> new Rank.Folded(any(Rank.Fold.values()), operands(depth));
        };
    }

    private List<Rank> operands(int depth) {
        return Stream.generate(() -> rank(depth - 1))
                .limit(1 + random.nextInt(3))
                .toList();
    }

    private Rank.Knn knn() {
        Double otherwise = random.nextInt(3) > 0 ? null : (Double) (double) (random.nextInt(21) - 5);
        return new Rank.Knn(target(), random.nextInt(RECORDS / 2), otherwise, random.nextInt(3) == 0);
    }

    private Rank.Target target() {
        return random.nextInt(3) == 0 ? new Rank.Target.Sparse("sparse", sparse()) : new Rank.Target.Dense(embedding());
    }

    private SparseVector sparse() {
        int[] indices =
                random.ints(1 + random.nextInt(4), 0, 8).sorted().distinct().toArray();
        float[] values = new float[indices.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = 1 + random.nextInt(4);
        }
        return SparseVector.of(indices, values, null);
    }

    private GroupBy groupBy() {
        List<String> order = new ArrayList<>(List.of(GroupBy.SCORE));
        if (random.nextBoolean()) {
            order.add(random.nextInt(2), "n");
        }
        List<String> keys = random.nextInt(3) == 0 ? List.of("kind", "n") : List.of(any("kind", "n"));
        return new GroupBy(keys, order, random.nextBoolean(), 1 + random.nextInt(4));
    }

    @SafeVarargs
    private final <T> T any(T... values) {
        return values[random.nextInt(values.length)];
    }
}

package io.quiver.compactor;

import io.quiver.executor.query.Filter;
import io.quiver.executor.query.GroupBy;
import io.quiver.executor.query.Query;
import io.quiver.executor.query.Rank;
import io.quiver.log.record.MetadataValue;
import io.quiver.log.record.MetadataValue.Int;
import io.quiver.log.record.MetadataValue.Real;
import io.quiver.log.record.MetadataValue.Text;
import io.quiver.log.record.VectorRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleBinaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a search finds, worked out record by record from the words of the contract. */
final class RankModel {
    /** In order of insertion. */
    private final List<VectorRecord> accepted;

    private final IdentityHashMap<Rank.Knn, List<VectorRecord>> found = new IdentityHashMap<>();

    RankModel(List<VectorRecord> records, Filter filter) {
        this.accepted =
                records.stream().filter(record -> accepts(filter, record)).toList();
    }

    /** A record and its score. */
    record Scored(String id, float score) {
        /** Zeros of both signs are equal. */
        Scored {
            score += 0.0f;
        }
    }

    List<Scored> answer(Query.Search search) {
        List<VectorRecord> scored = new ArrayList<>();
        for (VectorRecord record : accepted) {
            if (isFound(search.rank(), record)) {
                scored.add(record);
            }
        }
        Comparator<VectorRecord> byScore = Comparator.comparing(
                record -> score(search.rank(), record), (left, right) -> left.equals(right) ? 0 : compare(left, right));
        List<VectorRecord> ordered = scored.stream().sorted(byScore).toList();
        List<VectorRecord> kept =
                search.groupBy() == null ? ordered : grouped(ordered, search.groupBy(), search.rank());
        return kept.stream()
                .skip(search.skip())
                .limit(search.limit())
                .map(record -> new Scored(record.id(), score(search.rank(), record)))
                .toList();
    }

    private static int compare(float left, float right) {
        return left == right ? 0 : Float.compare(left, right);
    }

    private float score(Rank rank, VectorRecord record) {
        Double value = value(rank, record);
        if (value == null) {
            throw new AssertionError("no score of a record that was found: " + record.id());
        }
        return (float) (double) value;
    }

    // ---- the expression ----

    private boolean isFound(Rank rank, VectorRecord record) {
        return switch (rank) {
            case Rank.Knn knn -> nearest(knn).contains(record);
            case Rank.Value _ -> false;
            case Rank.Folded _, Rank.Combined _, Rank.Mapped _ ->
                rank.operands().stream().anyMatch(operand -> isFound(operand, record)) && value(rank, record) != null;
        };
    }

    private @Nullable Double value(Rank rank, VectorRecord record) {
        return switch (rank) {
            case Rank.Knn knn -> valueOf(knn, record);
            case Rank.Value(double value) -> value;
            case Rank.Folded(var fold, var operands) -> folded(fold, operands, record);
            case Rank.Combined(var operator, var left, var right) ->
                switch (operator) {
                    case DIFFERENCE -> both(value(left, record), value(right, record), (a, b) -> a - b);
                    case QUOTIENT -> both(value(left, record), value(right, record), (a, b) -> a / b);
                };
            case Rank.Mapped(var function, var operand) -> mapped(function, value(operand, record));
        };
    }

    private @Nullable Double valueOf(Rank.Knn knn, VectorRecord record) {
        int place = nearest(knn).indexOf(record);
        if (place < 0) {
            return knn.otherwise();
        }
        return knn.isPlace() ? (double) place : (double) distance(knn.target(), record);
    }

    private @Nullable Double folded(Rank.Fold fold, List<Rank> operands, VectorRecord record) {
        Double folded = switch (fold) {
            case SUM -> 0.0;
            case PRODUCT -> 1.0;
            case MAXIMUM -> Double.NEGATIVE_INFINITY;
            case MINIMUM -> Double.POSITIVE_INFINITY;
        };
        for (Rank operand : operands) {
            folded = both(
                    folded,
                    value(operand, record),
                    switch (fold) {
                        case SUM -> (a, b) -> a + b;
                        case PRODUCT -> (a, b) -> a * b;
                        case MAXIMUM -> (a, b) -> Double.isNaN(a) ? b : Double.isNaN(b) ? a : Math.max(a, b);
                        case MINIMUM -> (a, b) -> Double.isNaN(a) ? b : Double.isNaN(b) ? a : Math.min(a, b);
                    });
        }
        return folded;
    }

    private static @Nullable Double both(@Nullable Double left, @Nullable Double right, DoubleBinaryOperator operator) {
        return left == null || right == null ? null : (Double) operator.applyAsDouble(left, right);
    }

    private static @Nullable Double mapped(Rank.Function function, @Nullable Double value) {
        if (value == null) {
            return null;
        }
        return switch (function) {
            case ABSOLUTE -> Math.abs(value);
            case EXPONENTIAL -> Math.exp(value);
            case LOGARITHM -> Math.log(value);
        };
    }

    // ---- nearest ----

    private List<VectorRecord> nearest(Rank.Knn knn) {
        return found.computeIfAbsent(knn, _ -> switch (knn.target()) {
            case Rank.Target.Sparse sparse ->
                accepted.stream()
                        .filter(record -> sharesATerm(sparse, record))
                        .sorted(Comparator.comparingDouble(record -> distance(sparse, record)))
                        .limit(knn.limit())
                        .toList();
            case Rank.Target.Dense dense ->
                accepted.stream()
                        .sorted(Comparator.comparingDouble(record -> distance(dense, record)))
                        .limit(knn.limit())
                        .toList();
        });
    }

    private static boolean sharesATerm(Rank.Target.Sparse target, VectorRecord record) {
        return products(target, record).length > 0;
    }

    private static double[] products(Rank.Target.Sparse target, VectorRecord record) {
        if (!(record.metadata().get(target.key()) instanceof MetadataValue.Sparse(var vector))) {
            return new double[0];
        }
        List<Double> products = new ArrayList<>();
        for (int i = 0; i < vector.size(); i++) {
            for (int j = 0; j < target.vector().size(); j++) {
                if (vector.index(i) == target.vector().index(j)) {
                    products.add((double) vector.value(i) * target.vector().value(j));
                }
            }
        }
        return products.stream().mapToDouble(product -> product).toArray();
    }

    private static float distance(Rank.Target target, VectorRecord record) {
        float sum = 0;
        if (target instanceof Rank.Target.Sparse sparse) {
            return (float) (1 - Arrays.stream(products(sparse, record)).sum());
        }
        if (target instanceof Rank.Target.Dense(var embedding)) {
            for (int i = 0; i < embedding.dimension(); i++) {
                float difference = embedding.at(i) - record.embedding().at(i);
                sum += difference * difference;
            }
        }
        return sum;
    }

    private static boolean accepts(Filter filter, VectorRecord record) {
        return switch (filter) {
            case Filter.All() -> true;
            case Filter.Ids(var ids) -> ids.contains(record.id());
            case Filter.Equals(var key, var value) ->
                value.equals(record.metadata().get(key));
            case Filter.Not(var operand) -> !accepts(operand, record);
            case Filter.In _,
                    Filter.Compares _,
                    Filter.ArrayContains _,
                    Filter.DocumentContains _,
                    Filter.DocumentMatches _,
                    Filter.And _,
                    Filter.Or _ -> throw new AssertionError("the model does not know " + filter);
        };
    }

    // ---- groups ----

    private List<VectorRecord> grouped(List<VectorRecord> ordered, GroupBy groupBy, Rank rank) {
        Map<List<String>, List<VectorRecord>> groups = ordered.stream()
                .collect(Collectors.groupingBy(record -> groupBy.keys().stream()
                        .map(key -> shown(record.metadata().get(key)))
                        .toList()));
        List<VectorRecord> kept = new ArrayList<>();
        for (List<VectorRecord> group : groups.values()) {
            List<VectorRecord> sorted = new ArrayList<>(group);
            for (String key : groupBy.order().reversed()) {
                Comparator<VectorRecord> order = key.equals(GroupBy.SCORE)
                        ? (left, right) -> compare(score(rank, left), score(rank, right))
                        : Comparator.comparingDouble(
                                record -> worth(record.metadata().get(key)));
                sorted.sort(groupBy.isDescending() ? Collections.reverseOrder(order) : order);
            }
            kept.addAll(sorted.subList(0, Math.min(sorted.size(), groupBy.k())));
        }
        return ordered.stream().filter(kept::contains).toList();
    }

    /** Numbers of one worth look the same. */
    private static String shown(@Nullable MetadataValue value) {
        return switch (value) {
            case Int(long number) -> Double.toString((double) number);
            case Real(double number) -> Double.toString(number);
            case Text(String text) -> "text " + text;
            case null, default -> "absent";
        };
    }

    /** The records of the test have numbers under the keys by which groups are ordered, or nothing. */
    private static double worth(@Nullable MetadataValue value) {
        return switch (value) {
            case Int(long number) -> number;
            case Real(double number) -> number;
            case null, default -> Double.NEGATIVE_INFINITY;
        };
    }
}

package io.quiver.executor.query;

import io.quiver.log.record.Embedding;
import io.quiver.log.record.SparseVector;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a search scores records: arithmetic over the answers of nearest-neighbour searches. The lowest score comes first.
 *
 * <p>An expression gives each record a number, or none; and perhaps a number to all records that no search found, its
 * default. Where two expressions meet, a record has a number if both sides give it one, their defaults included, and at
 * least one search has found it. Arithmetic is that of {@code double}: what has no result is not a number or infinite.
 */
public sealed interface Rank {
    /**
     * The distance, or the place from 0, of the nearest records.
     *
     * @param limit how many records are found, 0 to {@link Query.Nearest#K_MAX}
     * @param otherwise what the records have that are not found; {@code null} where they have nothing
     * @param isPlace the number is the place among the records found, not the distance
     */
    record Knn(Target target, int limit, @Nullable Double otherwise, boolean isPlace) implements Rank {
        public static final int LIMIT_DEFAULT = 16;

        public Knn {
            if (limit < 0 || limit > Query.Nearest.K_MAX) {
                throw new IllegalArgumentException(
                        "limit must lie in 0..%d, not %d".formatted(Query.Nearest.K_MAX, limit));
            }
        }
    }

    /** The same number for every record. */
    record Value(double value) implements Rank {}

    /** Several expressions, one after another; none gives what the fold starts with. */
    record Folded(Fold fold, List<Rank> operands) implements Rank {
        public Folded {
            operands = List.copyOf(operands);
        }
    }

    record Combined(Operator operator, Rank left, Rank right) implements Rank {}

    record Mapped(Function function, Rank operand) implements Rank {}

    /** What is searched for the nearest records. */
    sealed interface Target {
        /** The embeddings, by the collection's metric. */
        record Dense(Embedding embedding) implements Target {}

        /** The sparse vectors under a metadata key, by {@code 1 - inner product}. */
        record Sparse(String key, SparseVector vector) implements Target {}
    }

    enum Fold {
        SUM,
        PRODUCT,
        MAXIMUM,
        MINIMUM;

        /** What an empty list gives. */
        public double start() {
            return switch (this) {
                case SUM -> 0;
                case PRODUCT -> 1;
                case MAXIMUM -> Double.NEGATIVE_INFINITY;
                case MINIMUM -> Double.POSITIVE_INFINITY;
            };
        }

        /** Of a number and what is not a number, the greater and the smaller are the number. */
        public double apply(double left, double right) {
            return switch (this) {
                case SUM -> left + right;
                case PRODUCT -> left * right;
                case MAXIMUM -> Double.isNaN(left) || left < right ? right : left;
                case MINIMUM -> Double.isNaN(left) || left > right ? right : left;
            };
        }
    }

    enum Operator {
        DIFFERENCE,
        QUOTIENT;

        public double apply(double left, double right) {
            return switch (this) {
                case DIFFERENCE -> left - right;
                case QUOTIENT -> left / right;
            };
        }
    }

    enum Function {
        ABSOLUTE,
        EXPONENTIAL,
        LOGARITHM;

        public double apply(double operand) {
            return switch (this) {
                case ABSOLUTE -> Math.abs(operand);
                case EXPONENTIAL -> Math.exp(operand);
                case LOGARITHM -> Math.log(operand);
            };
        }
    }

    /** The expressions inside this one, from left to right. */
    default List<Rank> operands() {
        return switch (this) {
            case Knn _, Value _ -> List.of();
            case Folded(var fold, var operands) -> operands;
            case Combined(var operator, var left, var right) -> List.of(left, right);
            case Mapped(var function, var operand) -> List.of(operand);
        };
    }
}

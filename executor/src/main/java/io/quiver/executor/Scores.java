package io.quiver.executor;

import java.util.BitSet;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The value of one rank expression: numbers for some records, and perhaps one for all others. Mutable while it is made;
 * belongs to one thread.
 */
final class Scores {
    private final double[] values;
    private final BitSet scored = new BitSet();
    private final @Nullable Double otherwise;

    private Scores(int recordCount, @Nullable Double otherwise) {
        this.values = new double[recordCount];
        this.otherwise = otherwise;
    }

    /** Of no record so far, and nothing for the others. */
    Scores(int recordCount) {
        this(recordCount, null);
    }

    /** The same for every record, of which none counts as found. */
    static Scores flat(int recordCount, double value) {
        return new Scores(recordCount, value);
    }

    void set(int record, double value) {
        values[record] = value;
        scored.set(record);
    }

    /** These numbers, and {@code value} for the records that have none; {@code null} for nothing. */
    Scores otherwise(@Nullable Double value) {
        Scores filled = new Scores(values.length, value);
        forEach(record -> filled.set(record, values[record]));
        return filled;
    }

    Scores map(DoubleUnaryOperator function) {
        Scores mapped = new Scores(values.length, otherwise == null ? null : function.applyAsDouble(otherwise));
        forEach(record -> mapped.set(record, function.applyAsDouble(values[record])));
        return mapped;
    }

    /** A number where both sides have one; a record must have been found on a side, and on each that has no default. */
    Scores combine(Scores other, DoubleBinaryOperator operator) {
        Scores both = new Scores(values.length, combined(otherwise, other.otherwise, operator));
        BitSet found = (BitSet) scored.clone();
        found.or(other.scored);
        retainKnown(found, this);
        retainKnown(found, other);
        found.stream().forEach(record -> both.set(record, operator.applyAsDouble(at(record), other.at(record))));
        return both;
    }

    private static @Nullable Double combined(
            @Nullable Double left, @Nullable Double right, DoubleBinaryOperator operator) {
        return left == null || right == null ? null : (Double) operator.applyAsDouble(left, right);
    }

    private static void retainKnown(BitSet found, Scores side) {
        if (side.otherwise == null) {
            found.and(side.scored);
        }
    }

    /** Of a record that has one. */
    private double at(int record) {
        return scored.get(record) || otherwise == null ? values[record] : otherwise;
    }

    /** The records found that have a number, in order of insertion. */
    int[] records() {
        return scored.stream().toArray();
    }

    /** The score as it is answered: rounded once, at the end. */
    float score(int record) {
        return (float) values[record];
    }

    private void forEach(IntConsumer action) {
        scored.stream().forEach(action);
    }
}

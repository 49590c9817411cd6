package io.quiver.executor.filter;

import io.quiver.executor.query.Filter.Comparison;
import io.quiver.log.record.MetadataValue.Scalar;
import java.util.Arrays;
import org.apache.lucene.util.BytesRef;

/**
 * Numbers of one key, {@code from} (inclusive) to {@code to} (exclusive), as bytes that begin with the key's prefix.
 */
record NumberRange(byte[] from, byte[] to) implements Comparable<NumberRange> {
    /** One number. */
    static NumberRange only(byte[] prefix, Scalar number) {
        return new NumberRange(at(prefix, number), after(prefix, number));
    }

    static NumberRange of(byte[] prefix, Comparison comparison, Scalar bound) {
        return switch (comparison) {
            case LESS -> new NumberRange(filled(prefix, 0), at(prefix, bound));
            case LESS_OR_EQUAL -> new NumberRange(filled(prefix, 0), after(prefix, bound));
            case GREATER -> new NumberRange(after(prefix, bound), filled(prefix, 0xFF));
            case GREATER_OR_EQUAL -> new NumberRange(at(prefix, bound), filled(prefix, 0xFF));
        };
    }

    /** -1 where the number lies before this range, 1 where it lies behind, 0 where it lies within. */
    int side(byte[] number) {
        if (Arrays.compareUnsigned(number, from) < 0) {
            return -1;
        }
        return Arrays.compareUnsigned(number, to) < 0 ? 0 : 1;
    }

    boolean endsBefore(BytesRef number) {
        return number.compareTo(new BytesRef(to)) >= 0;
    }

    @Override
    public int compareTo(NumberRange other) {
        return Arrays.compareUnsigned(from, other.from);
    }

    private static byte[] at(byte[] prefix, Scalar number) {
        byte[] bytes = Arrays.copyOf(prefix, prefix.length + NumberLine.BYTES);
        NumberLine.encode(number, bytes, prefix.length);
        return bytes;
    }

    private static byte[] after(byte[] prefix, Scalar number) {
        byte[] bytes = at(prefix, number);
        NumberLine.increment(bytes);
        return bytes;
    }

    /** No number is all zeros or all ones: those would be NaN. */
    private static byte[] filled(byte[] prefix, int value) {
        byte[] bytes = Arrays.copyOf(prefix, prefix.length + NumberLine.BYTES);
        Arrays.fill(bytes, prefix.length, bytes.length, (byte) value);
        return bytes;
    }
}

package io.quiver.executor.filter;

import io.quiver.log.record.MetadataValue.Bool;
import io.quiver.log.record.MetadataValue.Int;
import io.quiver.log.record.MetadataValue.Real;
import io.quiver.log.record.MetadataValue.Scalar;
import io.quiver.log.record.MetadataValue.Text;
import org.apache.lucene.util.NumericUtils;

/**
 * The order of all metadata numbers, integers and floating-point numbers together, without rounding.
 *
 * <p>As bytes, a number is the largest double that is not above it, in the eight bytes that sort as doubles do, then
 * what is missing, in two: an integer of 64 bits is never 1,024 or more above that double. So equal numbers have equal
 * bytes, whatever their kind, and bytes sort as the numbers do.
 */
final class NumberLine {
    static final int BYTES = Double.BYTES + Short.BYTES;

    private static final double TWO_TO_63 = 0x1p63;

    private NumberLine() {}

    static boolean isNumber(Scalar value) {
        return value instanceof Int || value instanceof Real;
    }

    /** Compares two numbers, exactly. */
    static int compare(Scalar left, Scalar right) {
        return switch (left) {
            case Int(long number) ->
                right instanceof Int(long other) ? Long.compare(number, other) : compare(number, real(right));
            case Real(double number) ->
                right instanceof Int(long other)
                        ? -compare(other, number)
                        : Double.compare(number + 0.0, real(right) + 0.0);
            case Bool _, Text _ -> throw new IllegalArgumentException("not a number: " + left);
        };
    }

    /** One value for each set of equal ones: numbers without a fraction are integers where 64 bits hold them. */
    static Scalar canonical(Scalar value) {
        return value instanceof Real(double number) && isWhole(number) ? new Int((long) number) : value;
    }

    private static boolean isWhole(double number) {
        return number == Math.rint(number) && number >= -TWO_TO_63 && number < TWO_TO_63;
    }

    /** Writes the ten bytes of a number. */
    static void encode(Scalar number, byte[] target, int at) {
        if (number instanceof Int(long integer)) {
            double below = notAbove(integer);
            encode(below, (int) (integer - (long) below), target, at);
        } else {
            encode(real(number) + 0.0, 0, target, at);
        }
    }

    static byte[] encoded(Scalar number) {
        byte[] bytes = new byte[BYTES];
        encode(number, bytes, 0);
        return bytes;
    }

    /** Makes the bytes of a number those right behind it: no other number lies between. */
    static void increment(byte[] bytes) {
        // What is missing to an integer is less than 1,024, so only the last two bytes can change.
        int last = bytes.length - 1;
        if (++bytes[last] == 0) {
            bytes[last - 1]++;
        }
    }

    private static void encode(double below, int rest, byte[] target, int at) {
        NumericUtils.longToSortableBytes(NumericUtils.doubleToSortableLong(below), target, at);
        target[at + Double.BYTES] = (byte) (rest >>> 8);
        target[at + Double.BYTES + 1] = (byte) rest;
    }

    private static double notAbove(long integer) {
        double nearest = (double) integer;
        return compare(integer, nearest) < 0 ? Math.nextDown(nearest) : nearest;
    }

    private static int compare(long integer, double real) {
        if (real >= TWO_TO_63) {
            return -1;
        }
        if (real < -TWO_TO_63) {
            return 1;
        }
        long whole = (long) real;
        return integer == whole ? Double.compare(0.0, real - whole + 0.0) : Long.compare(integer, whole);
    }

    private static double real(Scalar number) {
        if (number instanceof Real(double value)) {
            return value;
        }
        throw new IllegalArgumentException("not a number: " + number);
    }
}

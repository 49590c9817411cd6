package io.quiver.gateway.http;

import io.quiver.log.record.QuiverException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Reads JSON numbers as the nearest {@code float}, several times faster than a general parser does.
 *
 * <p>Digits are gathered into an integer {@code m} and a power of ten {@code e}. With {@code m < 2^63} and
 * {@code |e| <= 22} both are doubles with an error of at most half a unit, and so is their product or quotient:
 * together at most {@link #ULPS} units in the last place of a double. A float keeps 29 bits less than a double, so the
 * double rounds to the same float as the exact number unless it lies within so many units of the middle between two
 * floats. What does, and what has more digits, larger powers, or is near zero or infinity, goes to
 * {@link Float#parseFloat}, which is exact and slow.
 *
 * <p>Belongs to one thread.
 */
final class FloatScanner {
    private static final VarHandle EIGHT_BYTES =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final int DIGITS_MAX = 18;
    private static final double[] POWERS_OF_TEN = {
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22
    };
    private static final long BELOW_FLOAT = (1L << 29) - 1;
    private static final long MIDDLE = 1L << 28;
    private static final long ULPS = 4;
    /** More than any float needs, less than overflows an int. */
    private static final int EXPONENT_MAX = 100_000;

    private final RequestBody body;
    private final byte[] bytes;
    private final int end;
    private int at;

    FloatScanner(RequestBody body) {
        this.body = body;
        this.bytes = body.bytes();
        this.end = body.length();
    }

    /** Behind the number that was read last. */
    int offset() {
        return at;
    }

    /** Reads the number that begins at {@code from}; refuses what is none, and what is beyond the range of floats. */
    float read(int from) {
        at = from;
        boolean isNegative = byteAt(at) == '-';
        if (isNegative) {
            at++;
        }
        int first = at;
        long digits = readDigits(0);
        int count = at - first;
        if (count == 0 || (count > 1 && bytes[first] == '0')) {
            throw BadBody.syntax(body, count == 0 ? "expected value" : "invalid number", first);
        }
        int exponent = 0;
        if (byteAt(at) == '.') {
            int point = at++;
            digits = readDigits(digits);
            exponent = point + 1 - at;
            count -= exponent;
            requireDigits(point);
        }
        if ((byteAt(at) | 0x20) == 'e') {
            exponent += readExponent();
        }
        return nearest(from, isNegative, digits, count, exponent);
    }

    private float nearest(int from, boolean isNegative, long digits, int count, int exponent) {
        if (count <= DIGITS_MAX && Math.abs(exponent) < POWERS_OF_TEN.length) {
            double power = POWERS_OF_TEN[Math.abs(exponent)];
            double value = exponent < 0 ? digits / power : digits * power;
            if (isSafe(value)) {
                return (float) (isNegative ? -value : value);
            }
        }
        return exactly(from);
    }

    /** Whether every number within {@link #ULPS} of the double rounds to the same float, neither tiny nor infinite. */
    private static boolean isSafe(double value) {
        long fromMiddle = (Double.doubleToRawLongBits(value) & BELOW_FLOAT) - MIDDLE;
        return value == 0
                || (Math.abs(fromMiddle) > ULPS && value > 2 * Float.MIN_NORMAL && value < Float.MAX_VALUE / 2);
    }

    private float exactly(int from) {
        float value = Float.parseFloat(new String(bytes, from, at - from, StandardCharsets.US_ASCII));
        if (!Float.isFinite(value)) {
            throw BadBody.syntax(body, "number out of range", at - 1);
        }
        return value;
    }

    /** Wraps when there are more digits than a long holds; the caller counts them. */
    private long readDigits(long before) {
        long digits = before;
        int i = at;
        while (i <= end - Long.BYTES && areDigits(eightBytes(i))) {
            digits = digits * 100_000_000 + eightDigits(eightBytes(i));
            i += Long.BYTES;
        }
        while (i < end && bytes[i] >= '0' && bytes[i] <= '9') {
            digits = digits * 10 + bytes[i] - '0';
            i++;
        }
        at = i;
        return digits;
    }

    private long eightBytes(int index) {
        return (long) EIGHT_BYTES.get(bytes, index);
    }

    /** Whether each byte lies in '0'..'9': its upper half is 3, and stays so when 6 is added. */
    private static boolean areDigits(long eight) {
        long upper = eight & 0xF0F0_F0F0_F0F0_F0F0L;
        long raised = (eight + 0x0606_0606_0606_0606L) & 0xF0F0_F0F0_F0F0_F0F0L;
        return upper == 0x3030_3030_3030_3030L && raised == 0x3030_3030_3030_3030L;
    }

    /** The number that eight digits are, the first one in the lowest byte: digits become pairs, fours, eight. */
    private static long eightDigits(long eight) {
        long ones = eight & 0x0F0F_0F0F_0F0F_0F0FL;
        long pairs = (ones * 10 + (ones >>> 8)) & 0x00FF_00FF_00FF_00FFL;
        long fours = (pairs * 100 + (pairs >>> 16)) & 0x0000_FFFF_0000_FFFFL;
        return (fours * 10_000 + (fours >>> 32)) & 0xFFFF_FFFFL;
    }

    private int readExponent() {
        int mark = at++;
        boolean isNegative = byteAt(at) == '-';
        if (isNegative || byteAt(at) == '+') {
            mark = at++;
        }
        int exponent = 0;
        while (byteAt(at) >= '0' && byteAt(at) <= '9') {
            exponent = Math.min(EXPONENT_MAX, exponent * 10 + byteAt(at) - '0');
            at++;
        }
        requireDigits(mark);
        return isNegative ? -exponent : exponent;
    }

    private void requireDigits(int before) {
        if (at == before + 1) {
            throw invalidNumber();
        }
    }

    private QuiverException invalidNumber() {
        return BadBody.syntax(body, "invalid number", at);
    }

    private byte byteAt(int index) {
        return index < end ? bytes[index] : 0;
    }
}

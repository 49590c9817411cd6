package io.quiver.gateway.http;

import io.quiver.log.record.QuiverException;
import java.nio.charset.StandardCharsets;

/**
 * Reads JSON numbers as the nearest {@code float}, several times faster than a general parser does.
 *
 * <p>Digits are gathered into an integer {@code m} and a power of ten {@code e}. With {@code m < 2^63} and {@code |e|}
 * no more than {@link #EXACT_EXPONENT_MAX} both are doubles with an error of at most half a unit, and so is their
 * product or quotient: together at most {@link #ULPS} units in the last place of a double. A float keeps 29 bits less
 * than a double, so the double rounds to the same float as the exact number unless it lies within so many units of the
 * middle between two floats. What does, and what has more digits, larger powers, or is near zero or infinity, goes to
 * {@link Float#parseFloat}, which is exact and slow.
 *
 * <p>Belongs to one thread.
 */
final class FloatScanner {
    /** Powers of ten are doubles up to this one. */
    static final int EXACT_EXPONENT_MAX = 22;

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
        if (Math.abs(exponent) <= EXACT_EXPONENT_MAX && (count <= Digits.MAX || count - zeros(from) <= Digits.MAX)) {
            double value = scaled(digits, exponent);
            if (isSafe(value)) {
                return (float) (isNegative ? -value : value);
            }
        }
        return exactly(from);
    }

    /** Digits before the first that says something. */
    private int zeros(int from) {
        int count = 0;
        for (int i = from; i < at && (bytes[i] == '0' || bytes[i] == '.' || bytes[i] == '-'); i++) {
            count += bytes[i] == '0' ? 1 : 0;
        }
        return count;
    }

    /** {@code digits * 10^exponent}, within {@link #ULPS}, for exponents up to 22. */
    static double scaled(long digits, int exponent) {
        double power = POWERS_OF_TEN[Math.abs(exponent)];
        return exponent < 0 ? digits / power : digits * power;
    }

    /** Whether every number within {@link #ULPS} of the double rounds to the same float, neither tiny nor infinite. */
    static boolean isSafe(double value) {
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
        int count = Digits.TOGETHER;
        while (count == Digits.TOGETHER && at <= end - Digits.TOGETHER) {
            long eight = Digits.eightBytes(bytes, at);
            count = Digits.count(eight);
            digits = Digits.append(digits, eight, count);
            at += count;
        }
        return count < Digits.TOGETHER ? digits : readLastDigits(digits);
    }

    /** Where fewer than eight bytes are left. */
    private long readLastDigits(long before) {
        long digits = before;
        while (at < end && bytes[at] >= '0' && bytes[at] <= '9') {
            digits = digits * 10 + bytes[at++] - '0';
        }
        return digits;
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

package io.quiver.gateway.http;

/**
 * Reads a number of few digits as programs write it, {@code 17} or {@code 0.95}. Whatever else a value is, Jackson reads
 * it: this is for speed alone, for a parser costs more than most of what is asked with one.
 */
final class ShortNumber {
    /** In place of a whole number. */
    static final int NONE = -1;

    /** So many digits are an int, whichever they are. */
    private static final int WHOLE_DIGITS_MAX = 9;

    /** With these behind a point all digits together are a double without rounding, and so is what they are divided by. */
    private static final int FRACTION_DIGITS_MAX = 6;

    private ShortNumber() {}

    /** The number that these bytes are, or {@link #NONE}. */
    static int whole(byte[] bytes, int from, int to) {
        boolean hasLeadingZero = to > from + 1 && bytes[from] == '0';
        return hasLeadingZero ? NONE : digits(bytes, from, to, WHOLE_DIGITS_MAX);
    }

    /** The number that these bytes are, or not a number. */
    static double decimal(byte[] bytes, int from, int to) {
        int point = from;
        while (point < to && bytes[point] != '.') {
            point++;
        }
        int whole = whole(bytes, from, point);
        if (whole == NONE || point == to) {
            return whole == NONE ? Double.NaN : whole;
        }
        int fraction = digits(bytes, point + 1, to, FRACTION_DIGITS_MAX);
        return fraction == NONE ? Double.NaN : decimal(whole, fraction, to - point - 1);
    }

    private static double decimal(int whole, int fraction, int fractionDigits) {
        long power = Digits.power(fractionDigits);
        return (double) (whole * power + fraction) / power;
    }

    private static int digits(byte[] bytes, int from, int to, int countMax) {
        int value = to > from && to - from <= countMax ? 0 : NONE;
        for (int i = from; i < to && value != NONE; i++) {
            int digit = bytes[i] - '0';
            value = digit >= 0 && digit <= 9 ? 10 * value + digit : NONE;
        }
        return value;
    }
}

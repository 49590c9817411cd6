package io.quiver.gateway.http;

/**
 * Reads numbers as programs write them, {@code -0.0123} or {@code 17}, as long as a comma follows each of them at once.
 * At the first that is written otherwise it stops, and {@link FloatScanner} goes on: this is for speed alone.
 *
 * <p>How many digits there are, no branch is to depend on, for it would be mispredicted every other time; but that
 * there is one before the point, or before the comma, is worth a guess: what follows need not wait to see it.
 *
 * <p>Belongs to one thread.
 */
final class PlainNumbers {
    private static final int WHOLE_DIGITS_MAX = 7;

    /** Digits behind a point that are looked at before it is asked whether there are more. */
    private static final int FRACTION_DIGITS = 2 * Digits.TOGETHER;

    /** A minus, digits on both sides of a point, and a comma. */
    private static final int BYTES_MAX = 1 + WHOLE_DIGITS_MAX + 1 + FRACTION_DIGITS + Digits.TOGETHER + 1;

    private static final int NONE = -1;

    private final byte[] bytes;
    private final int end;
    private int at;

    PlainNumbers(RequestBody body) {
        this.bytes = body.bytes();
        this.end = body.length();
    }

    /** Behind the last comma. */
    int offset() {
        return at;
    }

    /**
     * Reads as many as there are, and as there is room for.
     *
     * @param from where the first one begins
     * @param floats receives them from {@code size} on
     * @return how many floats there are now
     */
    int read(int from, float[] floats, int size) {
        int count = size;
        int next = from;
        do {
            at = next;
            next = count < floats.length && at <= end - BYTES_MAX ? readOne(at, floats, count) : NONE;
            count++;
        } while (next != NONE);
        return count - 1;
    }

    /** Returns what is behind its comma. */
    private int readOne(int from, float[] floats, int index) {
        int minus = bytes[from] == '-' ? 1 : 0;
        int first = from + minus;
        int whole = wholeDigits(first);
        long digits = Digits.append(0, eightBytes(first), whole);
        int behind = first + whole;
        if (!isWhole(first, whole)) {
            return NONE;
        }
        return bytes[behind] == '.'
                ? readFraction(minus, digits, behind + 1, floats, index)
                : keep(minus, digits, 0, behind, floats, index);
    }

    private int readFraction(int minus, long whole, int from, float[] floats, int index) {
        long eight = eightBytes(from);
        int some = Digits.count(eight);
        long digits = Digits.append(whole, eight, some);
        long eightMore = eightBytes(from + Digits.TOGETHER);
        int more = Digits.count(eightMore) & -(some / Digits.TOGETHER);
        digits = Digits.append(digits, eightMore, more);
        int count = some + more;
        if (count == 0 || whole >= Digits.below(count)) {
            return NONE;
        }
        return count == FRACTION_DIGITS
                ? readLongFraction(minus, digits, from + count, floats, index)
                : keep(minus, digits, count, from + count, floats, index);
    }

    private int readLongFraction(int minus, long before, int from, float[] floats, int index) {
        long eight = eightBytes(from);
        int more = Digits.count(eight);
        if (before >= Digits.below(more)) {
            return NONE;
        }
        return keep(minus, Digits.append(before, eight, more), FRACTION_DIGITS + more, from + more, floats, index);
    }

    private int keep(int minus, long digits, int fraction, int behind, float[] floats, int index) {
        if (bytes[behind] != ',' || fraction > FloatScanner.EXACT_EXPONENT_MAX) {
            return NONE;
        }
        double value = FloatScanner.scaled(digits, -fraction);
        if (!FloatScanner.isSafe(value)) {
            return NONE;
        }
        floats[index] = signed((float) value, minus);
        return behind + 1;
    }

    private static float signed(float value, int minus) {
        return Float.intBitsToFloat(Float.floatToRawIntBits(value) | minus << Float.SIZE - 1);
    }

    private int wholeDigits(int first) {
        byte second = bytes[first + 1];
        return second == ',' || second == '.' ? 1 : Digits.count(eightBytes(first));
    }

    private boolean isWhole(int first, int count) {
        return count > 0 && count <= WHOLE_DIGITS_MAX && isDigit(bytes[first]) && (count == 1 || bytes[first] != '0');
    }

    private static boolean isDigit(byte letter) {
        return letter >= '0' && letter <= '9';
    }

    private long eightBytes(int from) {
        return Digits.eightBytes(bytes, from);
    }
}

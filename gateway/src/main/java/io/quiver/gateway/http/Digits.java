package io.quiver.gateway.http;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Decimal digits, eight at a time: no branch depends on how many there are. */
final class Digits {
    /** So many digits are looked at together. */
    static final int TOGETHER = Long.BYTES;

    private static final VarHandle EIGHT_BYTES =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /** As many digits as a long holds, whatever they are. */
    static final int MAX = 18;

    private static final long[] TENS = new long[MAX + 1];

    static {
        Arrays.setAll(TENS, i -> (long) Math.pow(10, i));
    }

    private Digits() {}

    static long eightBytes(byte[] bytes, int at) {
        return (long) EIGHT_BYTES.get(bytes, at);
    }

    /** How many of eight bytes come before the first that is no digit. */
    static int count(long eight) {
        long values = eight ^ 0x3030_3030_3030_3030L;
        long above9 = (values & 0x7F7F_7F7F_7F7F_7F7FL) + 0x7676_7676_7676_7676L | values;
        return Long.numberOfTrailingZeros(above9 & 0x8080_8080_8080_8080L) / Byte.SIZE;
    }

    /** The number that comes of {@code before} when the first {@code count} of eight bytes are written behind it. */
    static long append(long before, long eight, int count) {
        int half = (TOGETHER - count) * Byte.SIZE / 2;
        return before * TENS[count] + value(eight << half << half);
    }

    /** To smaller numbers so many digits can be appended. */
    static long below(int more) {
        return power(MAX - more);
    }

    /** Ten, so many times multiplied. */
    static long power(int count) {
        return TENS[count];
    }

    /** The number that eight digits or zeros are, first one in the lowest byte: digits become pairs, fours, eight. */
    private static long value(long eight) {
        long ones = eight & 0x0F0F_0F0F_0F0F_0F0FL;
        long pairs = (ones * 10 + (ones >>> 8)) & 0x00FF_00FF_00FF_00FFL;
        long fours = (pairs * 100 + (pairs >>> 16)) & 0x0000_FFFF_0000_FFFFL;
        return (fours * 10_000 + (fours >>> 32)) & 0xFFFF_FFFFL;
    }
}

package io.quiver.flight;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;

/** Bytes with some of them changed, or an end cut off. */
public final class Damage {
    private Damage() {}

    public static byte[] of(byte[] bytes, Random random) {
        if (bytes.length == 0) {
            return bytes;
        }
        byte[] changed = random.nextInt(8) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes.clone();
        ByteBuffer view = ByteBuffer.wrap(changed).order(ByteOrder.LITTLE_ENDIAN);
        long[] extremes = {0, -1, 1, Long.MAX_VALUE, Long.MIN_VALUE, Integer.MAX_VALUE, 1L << 31, 1L << 20};
        for (int i = random.nextInt(4); i >= 0 && changed.length >= Long.BYTES; i--) {
            int at = random.nextInt(changed.length);
            switch (random.nextInt(3)) {
                case 0 -> changed[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> changed[at] = (byte) random.nextInt();
                default ->
                    view.putLong(
                            Math.min(at & -Integer.BYTES, changed.length - Long.BYTES),
                            extremes[random.nextInt(extremes.length)]);
            }
        }
        return changed;
    }
}

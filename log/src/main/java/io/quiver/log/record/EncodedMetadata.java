package io.quiver.log.record;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/** Finds one value in the bytes of {@link MetadataCodec} without making objects of the others. */
public final class EncodedMetadata {
    private EncodedMetadata() {}

    /**
     * Moves the buffer, which is little-endian and at the begin of metadata, to the indices of the sparse vector under
     * a key; all of them and of the weights behind them are there. Throws {@link IllegalArgumentException} for bytes
     * that are not metadata.
     *
     * @param key in UTF-8
     * @return how many terms it has, -1 where there is no such vector
     */
    public static int findSparse(ByteBuffer in, byte[] key) {
        try {
            for (int fields = in.getInt(); fields > 0; fields--) {
                boolean isWanted = takesKey(in, key);
                int kind = in.get();
                if (isWanted) {
                    return kind == MetadataCodec.SPARSE ? beginSparse(in) : -1;
                }
                skipValue(in, kind);
            }
            return -1;
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("metadata ends early", e);
        }
    }

    /** Steps over a key; says whether it is this one. */
    private static boolean takesKey(ByteBuffer in, byte[] key) {
        int length = in.getInt();
        int begin = in.position();
        skip(in, length);
        boolean isSame = length == key.length;
        for (int i = 0; isSame && i < length; i++) {
            isSame = in.get(begin + i) == key[i];
        }
        return isSame;
    }

    private static int beginSparse(ByteBuffer in) {
        int count = in.getInt();
        in.get();
        if (count < 0 || (long) count * (Integer.BYTES + Float.BYTES) > in.remaining()) {
            throw new IllegalArgumentException(
                    "a sparse vector of %d terms in %d bytes".formatted(count, in.remaining()));
        }
        return count;
    }

    private static void skipValue(ByteBuffer in, int kind) {
        switch (kind) {
            case MetadataCodec.FALSE, MetadataCodec.TRUE -> {}
            case MetadataCodec.INT, MetadataCodec.REAL -> skip(in, Long.BYTES);
            case MetadataCodec.TEXT -> skip(in, in.getInt());
            case MetadataCodec.ARRAY -> {
                for (int elements = in.getInt(); elements > 0; elements--) {
                    skipValue(in, in.get());
                }
            }
            case MetadataCodec.SPARSE -> skipSparse(in);
            default -> throw new IllegalArgumentException("unknown kind of metadata value: " + kind);
        }
    }

    private static void skipSparse(ByteBuffer in) {
        int count = in.getInt();
        int texts = in.get() == 0 ? 0 : count;
        skip(in, (long) count * (Integer.BYTES + Float.BYTES));
        for (; texts > 0; texts--) {
            skip(in, in.getInt());
        }
    }

    private static void skip(ByteBuffer in, long bytes) {
        if (bytes < 0 || bytes > in.remaining()) {
            throw new IllegalArgumentException("a value of %d bytes in %d".formatted(bytes, in.remaining()));
        }
        in.position(in.position() + (int) bytes);
    }
}

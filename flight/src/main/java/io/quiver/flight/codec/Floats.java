package io.quiver.flight.codec;

import java.nio.ByteOrder;
import org.apache.arrow.memory.ArrowBuf;

/** Floats out of Arrow buffers, in one copy. */
public final class Floats {
    private Floats() {}

    /** {@code count} floats from the one at {@code start} on; throws where the buffer does not hold them. */
    public static float[] copy(ArrowBuf data, long start, int count) {
        float[] floats = new float[count];
        data.nioBuffer(start * Float.BYTES, Math.multiplyExact(count, Float.BYTES))
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer()
                .get(floats);
        return floats;
    }
}

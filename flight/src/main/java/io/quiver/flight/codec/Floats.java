package io.quiver.flight.codec;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ShortBuffer;
import org.apache.arrow.memory.ArrowBuf;

/** Numbers out of Arrow buffers as floats, in one copy; each method throws where the buffer does not hold them. */
public final class Floats {
    private Floats() {}

    /** {@code count} floats from the one at {@code start} on. */
    public static float[] copy(ArrowBuf data, long start, int count) {
        ByteBuffer bytes = window(data, start, count, Float.BYTES);
        float[] floats = new float[count];
        bytes.asFloatBuffer().get(floats);
        return floats;
    }

    /** {@code count} 16-bit floats from the one at {@code start} on. */
    static float[] ofHalves(ArrowBuf data, long start, int count) {
        ShortBuffer halves = window(data, start, count, Short.BYTES).asShortBuffer();
        float[] floats = new float[count];
        for (int i = 0; i < count; i++) {
            floats[i] = Float.float16ToFloat(halves.get(i));
        }
        return floats;
    }

    /** {@code count} signed bytes from the one at {@code start} on. */
    static float[] ofBytes(ArrowBuf data, long start, int count) {
        ByteBuffer bytes = window(data, start, count, Byte.BYTES);
        float[] floats = new float[count];
        for (int i = 0; i < count; i++) {
            floats[i] = bytes.get(i);
        }
        return floats;
    }

    private static ByteBuffer window(ArrowBuf data, long start, int count, int width) {
        return data.nioBuffer(start * width, Math.multiplyExact(count, width)).order(ByteOrder.LITTLE_ENDIAN);
    }
}

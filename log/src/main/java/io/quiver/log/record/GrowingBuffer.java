package io.quiver.log.record;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Little-endian bytes on the heap that grow as they are written. Belongs to one thread. */
public final class GrowingBuffer {
    private byte[] bytes;
    private ByteBuffer buffer;

    public GrowingBuffer(int initialBytes) {
        this.bytes = new byte[initialBytes];
        this.buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    public GrowingBuffer putByte(int value) {
        room(1).put((byte) value);
        return this;
    }

    public GrowingBuffer putInt(int value) {
        room(Integer.BYTES).putInt(value);
        return this;
    }

    public GrowingBuffer putLong(long value) {
        room(Long.BYTES).putLong(value);
        return this;
    }

    /** The length in bytes as an int, then UTF-8. */
    public GrowingBuffer putText(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        return putInt(utf8.length).putBytes(utf8);
    }

    public GrowingBuffer putBytes(byte[] source) {
        room(source.length).put(source);
        return this;
    }

    /** The values of an embedding, without its dimension. */
    public GrowingBuffer putFloats(Embedding embedding) {
        int sizeBytes = embedding.dimension() * Float.BYTES;
        int at = room(sizeBytes).position();
        embedding.copyTo(MemorySegment.ofArray(bytes), at);
        buffer.position(at + sizeBytes);
        return this;
    }

    public int sizeBytes() {
        return buffer.position();
    }

    public byte[] toByteArray() {
        return Arrays.copyOf(bytes, buffer.position());
    }

    /** What was written, without a copy; valid until the next write or {@link #clear}. */
    public ByteBuffer written() {
        return buffer.duplicate().order(ByteOrder.LITTLE_ENDIAN).flip();
    }

    /** Forgets what was written and keeps the memory. */
    public void clear() {
        buffer.clear();
    }

    private ByteBuffer room(int more) {
        if (buffer.remaining() < more) {
            int position = buffer.position();
            bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(position, more), bytes.length * 2));
            buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).position(position);
        }
        return buffer;
    }
}

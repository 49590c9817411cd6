package io.quiver.log.record;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Little-endian bytes on the heap that grow as they are written. Belongs to one thread. */
public final class GrowingBuffer {
    private ByteBuffer buffer;

    public GrowingBuffer(int initialBytes) {
        this.buffer = ByteBuffer.allocate(initialBytes).order(ByteOrder.LITTLE_ENDIAN);
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
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return putInt(bytes.length).putBytes(bytes);
    }

    public GrowingBuffer putBytes(byte[] bytes) {
        room(bytes.length).put(bytes);
        return this;
    }

    /** The values of an embedding, without its dimension. */
    public GrowingBuffer putFloats(Embedding embedding) {
        ByteBuffer target = room(embedding.dimension() * Float.BYTES);
        java.lang.foreign.MemorySegment bytes = java.lang.foreign.MemorySegment.ofArray(target.array());
        embedding.copyTo(bytes, target.position());
        target.position(target.position() + embedding.dimension() * Float.BYTES);
        return this;
    }

    public int sizeBytes() {
        return buffer.position();
    }

    public byte[] toByteArray() {
        return Arrays.copyOf(buffer.array(), buffer.position());
    }

    /** What was written, without a copy; valid until the next write or {@link #clear}. */
    public ByteBuffer written() {
        return buffer.duplicate().order(ByteOrder.LITTLE_ENDIAN).flip();
    }

    /** Forgets what was written and keeps the memory. */
    public void clear() {
        buffer.clear();
    }

    private ByteBuffer room(int bytes) {
        if (buffer.remaining() < bytes) {
            int capacity = Math.max(Math.addExact(buffer.position(), bytes), buffer.capacity() * 2);
            buffer = ByteBuffer.wrap(Arrays.copyOf(buffer.array(), capacity))
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .position(buffer.position());
        }
        return buffer;
    }
}

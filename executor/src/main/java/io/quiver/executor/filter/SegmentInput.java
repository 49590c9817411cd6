package io.quiver.executor.filter;

import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.apache.lucene.store.AlreadyClosedException;
import org.apache.lucene.store.IndexInput;
import org.apache.lucene.store.MemorySegmentAccessInput;
import org.jspecify.annotations.Nullable;

/**
 * A file of an index, or a part of it, as Lucene reads it: a window of memory and a position. Belongs to one thread;
 * clones and slices share the memory. Closing the input that was opened frees the memory, closing others does nothing.
 */
final class SegmentInput extends IndexInput implements MemorySegmentAccessInput {
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final MemorySegment memory;
    private final @Nullable Arena owned;
    private long position;

    private SegmentInput(String description, MemorySegment memory, @Nullable Arena owned) {
        super(description);
        this.memory = memory;
        this.owned = owned;
    }

    /** Reads memory that lives in an arena, which the input owns. */
    static SegmentInput owning(String description, MemorySegment memory, Arena arena) {
        return new SegmentInput(description, memory, arena);
    }

    /** Reads memory on the heap. */
    static SegmentInput onHeap(String description, byte[] bytes) {
        return new SegmentInput(description, MemorySegment.ofArray(bytes), null);
    }

    @Override
    public void close() {
        if (owned != null && owned.scope().isAlive()) {
            owned.close();
        }
    }

    @Override
    public long getFilePointer() {
        return position;
    }

    @Override
    public void seek(long target) throws IOException {
        if (target < 0 || target > memory.byteSize()) {
            throw new EOFException("seek to %d in %d bytes: %s".formatted(target, memory.byteSize(), this));
        }
        position = target;
    }

    @Override
    public long length() {
        return memory.byteSize();
    }

    @Override
    public SegmentInput clone() {
        SegmentInput clone = new SegmentInput(toString(), memory, null);
        clone.position = position;
        return clone;
    }

    @Override
    public SegmentInput slice(String description, long offset, long length) {
        return new SegmentInput(getFullSliceDescription(description), memory.asSlice(offset, length), null);
    }

    @Override
    public SegmentInput randomAccessSlice(long offset, long length) {
        return slice("slice", offset, length);
    }

    @Override
    public MemorySegment segmentSliceOrNull(long offset, long length) {
        return memory.asSlice(offset, length);
    }

    @Override
    public byte readByte() throws IOException {
        byte value = readByte(position);
        position++;
        return value;
    }

    @Override
    public short readShort() throws IOException {
        short value = readShort(position);
        position += Short.BYTES;
        return value;
    }

    @Override
    public int readInt() throws IOException {
        int value = readInt(position);
        position += Integer.BYTES;
        return value;
    }

    @Override
    public long readLong() throws IOException {
        long value = readLong(position);
        position += Long.BYTES;
        return value;
    }

    @Override
    public void readBytes(byte[] target, int at, int length) throws IOException {
        try {
            MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, position, target, at, length);
            position += length;
        } catch (IndexOutOfBoundsException | IllegalStateException e) {
            throw failed(position, length, e);
        }
    }

    @Override
    public void readInts(int[] target, int at, int length) throws IOException {
        try {
            MemorySegment.copy(memory, INT, position, target, at, length);
            position += (long) length * Integer.BYTES;
        } catch (IndexOutOfBoundsException | IllegalStateException e) {
            throw failed(position, length, e);
        }
    }

    @Override
    public void readLongs(long[] target, int at, int length) throws IOException {
        try {
            MemorySegment.copy(memory, LONG, position, target, at, length);
            position += (long) length * Long.BYTES;
        } catch (IndexOutOfBoundsException | IllegalStateException e) {
            throw failed(position, length, e);
        }
    }

    @Override
    public void readFloats(float[] target, int at, int length) throws IOException {
        try {
            MemorySegment.copy(memory, FLOAT, position, target, at, length);
            position += (long) length * Float.BYTES;
        } catch (IndexOutOfBoundsException | IllegalStateException e) {
            throw failed(position, length, e);
        }
    }

    @Override
    public byte readByte(long at) throws IOException {
        try {
            return memory.get(ValueLayout.JAVA_BYTE, at);
        } catch (IndexOutOfBoundsException | IllegalStateException e) {
            throw failed(at, Byte.BYTES, e);
        }
    }

    @Override
    public short readShort(long at) throws IOException {
        try {
            return memory.get(SHORT, at);
        } catch (IndexOutOfBoundsException | IllegalStateException e) {
            throw failed(at, Short.BYTES, e);
        }
    }

    @Override
    public int readInt(long at) throws IOException {
        try {
            return memory.get(INT, at);
        } catch (IndexOutOfBoundsException | IllegalStateException e) {
            throw failed(at, Integer.BYTES, e);
        }
    }

    @Override
    public long readLong(long at) throws IOException {
        try {
            return memory.get(LONG, at);
        } catch (IndexOutOfBoundsException | IllegalStateException e) {
            throw failed(at, Long.BYTES, e);
        }
    }

    /** Lucene expects these two: the end of the file, or an input closed. */
    private IOException failed(long at, long length, RuntimeException cause) {
        if (!memory.scope().isAlive()) {
            throw new AlreadyClosedException("closed: " + this, cause);
        }
        EOFException end =
                new EOFException("read of %d at %d in %d bytes: %s".formatted(length, at, memory.byteSize(), this));
        end.initCause(cause);
        return end;
    }
}

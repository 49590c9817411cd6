package io.quiver.flight.codec;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorLoader;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;

/** Arrow buffers of one batch in the making, each of exactly the size it needs. */
public final class Layout implements AutoCloseable {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final BufferAllocator allocator;
    private final List<ArrowFieldNode> nodes = new ArrayList<>();
    private final List<ArrowBuf> buffers = new ArrayList<>();

    private Layout(BufferAllocator allocator) {
        this.allocator = allocator;
    }

    /** Replaces what {@code root} holds by the columns, which must be those of its schema. */
    public static void load(VectorSchemaRoot root, List<? extends Column> columns, BufferAllocator allocator) {
        int rows = columns.getFirst().count();
        try (Layout layout = new Layout(allocator)) {
            columns.forEach(column -> column.layOut(layout));
            try (ArrowRecordBatch batch = new ArrowRecordBatch(rows, layout.nodes, layout.buffers)) {
                new VectorLoader(root).load(batch);
            }
        }
    }

    void node(int count) {
        nodes.add(new ArrowFieldNode(count, 0));
        buffers.add(allocator.getEmpty());
    }

    void node(int count, int nullCount, byte[] validity) {
        nodes.add(new ArrowFieldNode(count, nullCount));
        bytes(validity, (count + Byte.SIZE - 1) / Byte.SIZE);
    }

    void bytes(byte[] values, int count) {
        MemorySegment.copy(values, 0, buffer(count), ValueLayout.JAVA_BYTE, 0, count);
    }

    void ints(int[] values, int count) {
        MemorySegment.copy(values, 0, buffer((long) count * Integer.BYTES), INT, 0, count);
    }

    void longs(long[] values, int count) {
        MemorySegment.copy(values, 0, buffer((long) count * Long.BYTES), LONG, 0, count);
    }

    void floats(float[] values, int count) {
        MemorySegment.copy(values, 0, buffer((long) count * Float.BYTES), FLOAT, 0, count);
    }

    @Override
    public void close() {
        buffers.forEach(ArrowBuf::close);
    }

    private MemorySegment buffer(long sizeBytes) {
        ArrowBuf buffer = allocator.buffer(sizeBytes);
        buffers.add(buffer);
        buffer.writerIndex(sizeBytes);
        return MemorySegment.ofBuffer(buffer.nioBuffer(0, Math.toIntExact(sizeBytes)));
    }
}

package io.quiver.flight.service;

import io.quiver.flight.StreamGate;
import io.quiver.flight.codec.Column;
import io.quiver.flight.codec.Layout;
import java.util.List;
import org.apache.arrow.flight.FlightProducer.ServerStreamListener;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Batches on their way to one caller, each sent only when the stream has room. Belongs to the thread that serves it.
 */
final class BatchStream implements AutoCloseable {
    /** Batches are cut at about this size. */
    static final long BATCH_BYTES = 1 << 20;

    private final StreamGate gate;
    private final ServerStreamListener stream;
    private final BufferAllocator allocator;
    private final List<Column> columns;
    private final VectorSchemaRoot root;

    BatchStream(StreamGate gate, ServerStreamListener stream, BufferAllocator allocator, List<Column> columns) {
        this.gate = gate;
        this.stream = stream;
        this.allocator = allocator;
        this.columns = columns;
        this.root = VectorSchemaRoot.create(schema(columns), allocator);
        stream.setUseZeroCopy(true);
        stream.start(root);
    }

    static Schema schema(List<Column> columns) {
        return new Schema(columns.stream().map(Column::field).toList());
    }

    /** Waits for room, sends the columns and empties them. */
    void send(byte @Nullable [] applicationMetadata) {
        gate.awaitReady();
        Layout.load(root, columns, allocator);
        columns.forEach(Column::clear);
        if (applicationMetadata == null) {
            stream.putNext();
        } else {
            stream.putNext(buffer(applicationMetadata));
        }
        root.clear();
    }

    @Override
    public void close() {
        root.close();
    }

    private ArrowBuf buffer(byte[] bytes) {
        ArrowBuf buffer = allocator.buffer(bytes.length);
        buffer.writeBytes(bytes);
        return buffer;
    }
}

package io.quiver.flight.client;

import java.io.Closeable;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.function.IntFunction;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightClient.ClientStreamListener;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.PutResult;
import org.apache.arrow.flight.SyncPutListener;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/** One {@code DoPut} stream: batches of ids and embeddings, each durable when it is acknowledged. */
public final class BulkLoader implements Closeable {
    private final VectorSchemaRoot root;
    private final SyncPutListener acknowledgements = new SyncPutListener();
    private final ClientStreamListener stream;
    private final int dimension;

    BulkLoader(FlightClient client, BufferAllocator allocator, FlightDescriptor descriptor, int dimension) {
        this.dimension = dimension;
        this.root = VectorSchemaRoot.create(
                new Schema(List.of(
                        new Field("id", FieldType.notNullable(new ArrowType.Utf8()), null),
                        VectorColumn.field("embedding", dimension))),
                allocator);
        this.stream = client.startPut(descriptor, root, acknowledgements);
    }

    /**
     * Sends one batch and waits for its acknowledgement.
     *
     * @param values {@code rows} vectors one after the other, from index {@code from} on
     * @return what the server says of it, as JSON with its log offset
     */
    public String add(int rows, IntFunction<String> id, float[] values, int from) {
        root.clear();
        VarCharVector ids = (VarCharVector) root.getVector("id");
        for (int row = 0; row < rows; row++) {
            ids.setSafe(row, id.apply(row).getBytes(StandardCharsets.UTF_8));
        }
        VectorColumn.fill((FixedSizeListVector) root.getVector("embedding"), values, from, rows, dimension);
        root.setRowCount(rows);
        stream.putNext();
        return acknowledgement();
    }

    private String acknowledgement() {
        try (@Nullable PutResult result = acknowledgements.read()) {
            if (result == null) {
                stream.getResult();
                throw new IllegalStateException("the server ended the load");
            }
            byte[] text = new byte[(int) result.getApplicationMetadata().readableBytes()];
            result.getApplicationMetadata().readBytes(text);
            return new String(text, StandardCharsets.UTF_8);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    @Override
    public void close() {
        try {
            stream.completed();
            stream.getResult();
        } finally {
            acknowledgements.close();
            root.close();
        }
    }
}

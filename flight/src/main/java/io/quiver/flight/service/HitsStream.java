package io.quiver.flight.service;

import io.quiver.executor.query.Hits;
import io.quiver.executor.query.Projection;
import io.quiver.flight.FlightMemory;
import io.quiver.flight.codec.Column;
import io.quiver.flight.codec.Layout;
import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.QuiverException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Hits as an Arrow IPC stream of one batch, for doors that are not Flight: the columns of a bulk search,
 * {@code query_id} counting the queries from 0.
 *
 * <p>Safe on every thread. Owns its share of the memory.
 */
public final class HitsStream implements AutoCloseable {
    public static final String MEDIA_TYPE = "application/vnd.apache.arrow.stream";

    /** What is larger is for Flight, which sends it in batches. */
    static final long BYTES_MAX = 32L << 20;

    private final BufferAllocator allocator;

    public HitsStream(FlightMemory memory) {
        this.allocator = memory.child("arrow-answers");
    }

    /**
     * The whole stream; refused as {@code PAYLOAD_TOO_LARGE} above {@link #BYTES_MAX}.
     *
     * @param dimension of embeddings among the hits, {@code null} where they differ
     */
    public byte[] write(List<Hits> hits, Projection asked, boolean hasEstimatedRecall, @Nullable Integer dimension) {
        return write(hits, asked, hasEstimatedRecall, dimension, Map.of());
    }

    /**
     * The same.
     *
     * @param metadata of the stream's schema
     */
    public byte[] write(
            List<Hits> hits,
            Projection asked,
            boolean hasEstimatedRecall,
            @Nullable Integer dimension,
            Map<String, String> metadata) {
        HitsColumns columns = new HitsColumns(asked, hasEstimatedRecall, dimension);
        for (int i = 0; i < hits.size(); i++) {
            columns.add(i, hits.get(i));
            if (columns.sizeBytes() > BYTES_MAX) {
                throw new QuiverException(
                        ErrorCode.PAYLOAD_TOO_LARGE,
                        "An answer in Arrow must not exceed %d bytes here: ask over Flight".formatted(BYTES_MAX));
            }
        }
        return write(columns.columns(), metadata);
    }

    private byte[] write(List<Column> columns, Map<String, String> metadata) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Schema schema = new Schema(columns.stream().map(Column::field).toList(), metadata);
        try (VectorSchemaRoot root = VectorSchemaRoot.create(schema, allocator);
                ArrowStreamWriter writer = new ArrowStreamWriter(root, null, Channels.newChannel(out))) {
            Layout.load(root, columns, allocator);
            writer.writeBatch();
            writer.end();
        } catch (IOException e) {
            throw new UncheckedIOException("bytes in memory could not be written", e);
        }
        return out.toByteArray();
    }

    @Override
    public void close() {
        allocator.close();
    }
}

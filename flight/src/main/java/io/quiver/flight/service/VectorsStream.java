package io.quiver.flight.service;

import io.quiver.flight.CheckedIpc;
import io.quiver.flight.FlightMemory;
import io.quiver.flight.codec.EmbeddingColumn;
import io.quiver.log.record.Embedding;
import io.quiver.log.record.QuiverException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.jspecify.annotations.Nullable;

/**
 * Vectors that come as an Arrow IPC stream, for doors that are not Flight: one column {@code vector} as in a bulk
 * search, and what is asked of them in the schema's metadata.
 *
 * <p>Safe on every thread. Owns its share of the memory, which is given back before {@link #read} returns.
 */
public final class VectorsStream implements AutoCloseable {
    /** Key of the schema's metadata for what a stream is about, as JSON. */
    public static final String ABOUT = "quiver";

    /** What a stream may take while it is read: damaged, it may want far more than it has bytes. */
    static final long BYTES_MAX = 128 << 20;

    private final BufferAllocator allocator;

    public VectorsStream(FlightMemory memory) {
        this.allocator = memory.child("arrow-questions");
    }

    /**
     * What was read of a stream.
     *
     * @param about of the schema's metadata; {@code null} where it says nothing
     * @param embeddings of all batches, finite; they share arrays
     */
    public record Vectors(@Nullable String about, List<Embedding> embeddings) {}

    /** Reads a whole stream; refuses as {@code INVALID_ARGUMENT} what is damaged, too large, or holds anything else. */
    public Vectors read(byte[] stream) {
        CheckedIpc.require(stream);
        try (BufferAllocator own = allocator.newChildAllocator("one stream", 0, BYTES_MAX);
                ArrowStreamReader reader = new ArrowStreamReader(new ByteArrayInputStream(stream), own)) {
            return vectors(reader);
        } catch (OutOfMemoryException e) {
            throw QuiverException.invalid(
                    "The Arrow IPC stream takes more memory than there is for one, %d bytes".formatted(BYTES_MAX));
        } catch (IOException | IllegalArgumentException | IllegalStateException e) {
            throw damaged(e.getMessage());
        } catch (IndexOutOfBoundsException | ArithmeticException | UnsupportedOperationException e) {
            throw damaged(e.toString());
        }
    }

    private static Vectors vectors(ArrowStreamReader reader) throws IOException {
        VectorSchemaRoot root = reader.getVectorSchemaRoot();
        List<Embedding> embeddings = new ArrayList<>();
        while (reader.loadNextBatch()) {
            add(root, embeddings);
        }
        return new Vectors(root.getSchema().getCustomMetadata().get(ABOUT), embeddings);
    }

    private static void add(VectorSchemaRoot root, List<Embedding> embeddings) {
        BatchColumns.check(root);
        FieldVector vectors = root.getVector(BulkSearch.VECTOR);
        if (vectors == null || root.getFieldVectors().size() != 1) {
            throw QuiverException.invalid(
                    "The Arrow IPC stream must have one column '%s'".formatted(BulkSearch.VECTOR));
        }
        EmbeddingColumn column = EmbeddingColumn.read(vectors, root.getRowCount());
        for (int row = 0; row < root.getRowCount(); row++) {
            embeddings.add(column.at(row));
        }
    }

    private static QuiverException damaged(@Nullable String how) {
        return QuiverException.invalid("The Arrow IPC stream is damaged: " + how);
    }

    @Override
    public void close() {
        allocator.close();
    }
}

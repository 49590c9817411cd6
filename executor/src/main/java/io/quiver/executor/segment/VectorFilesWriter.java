package io.quiver.executor.segment;

import io.quiver.executor.index.Distances;
import io.quiver.executor.index.Kernels;
import io.quiver.executor.index.Metric;
import io.quiver.log.record.Embedding;
import io.quiver.log.storage.Storage;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Writes {@link VectorFiles}. */
final class VectorFilesWriter implements AutoCloseable {
    private final Metric metric;
    private final int dimension;
    private final CheckedFileWriter vectors;
    private final @Nullable CheckedFileWriter norms;
    private final byte[] row;

    VectorFilesWriter(Storage storage, String directory, UUID segment, Metric metric, int dimension)
            throws IOException {
        this.metric = metric;
        this.dimension = dimension;
        this.row = new byte[Math.toIntExact(Kernels.strideBytes(dimension))];
        this.vectors = new CheckedFileWriter(
                storage, directory + "/" + FileKind.VECTORS.fileName(), FileKind.VECTORS, segment);
        this.norms = metric == Metric.COSINE
                ? new CheckedFileWriter(storage, directory + "/" + FileKind.NORMS.fileName(), FileKind.NORMS, segment)
                : null;
    }

    void append(Embedding embedding) throws IOException {
        MemorySegment bytes = MemorySegment.ofArray(row);
        embedding.copyTo(bytes, 0);
        vectors.write(ByteBuffer.wrap(row));
        if (norms != null) {
            norms.writeInt(Float.floatToRawIntBits(Distances.inverseNorm(bytes, 0, dimension)));
        }
    }

    void finish(int rowCount) throws IOException {
        vectors.finish(rowCount, VectorFiles.code(metric), dimension, row.length);
        if (norms != null) {
            norms.finish(rowCount, VectorFiles.code(metric), dimension, Float.BYTES);
        }
    }

    @Override
    public void close() throws IOException {
        vectors.close();
        if (norms != null) {
            norms.close();
        }
    }
}

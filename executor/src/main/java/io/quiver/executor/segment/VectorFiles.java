package io.quiver.executor.segment;

import io.quiver.executor.index.EmbeddingRows;
import io.quiver.executor.index.Kernels;
import io.quiver.executor.index.Metric;
import io.quiver.log.storage.Storage;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The embeddings of a sealed segment, mapped.
 *
 * <p>{@code vectors.qv}: row after row, each {@code dimension} f32 and zeros up to the stride, a multiple of 64 bytes;
 * numbers of the header: metric, dimension, stride. {@code norms.qn}, where the metric is cosine: one f32 a row, the
 * inverse norm; the same numbers.
 */
final class VectorFiles implements EmbeddingRows {
    private final CheckedFile vectors;
    private final @Nullable CheckedFile norms;
    private final int dimension;
    private final int rowCount;

    private VectorFiles(CheckedFile vectors, @Nullable CheckedFile norms, int dimension, int rowCount) {
        this.vectors = vectors;
        this.norms = norms;
        this.dimension = dimension;
        this.rowCount = rowCount;
    }

    static VectorFiles open(
            Storage storage, String directory, UUID segment, Arena arena, Metric metric, int dimension, int rowCount)
            throws IOException {
        CheckedFile vectors = CheckedFile.open(
                storage, directory + "/" + FileKind.VECTORS.fileName(), FileKind.VECTORS, segment, arena);
        check(vectors, metric, dimension, rowCount, Kernels.strideBytes(dimension));
        CheckedFile norms = null;
        if (metric == Metric.COSINE) {
            norms = CheckedFile.open(
                    storage, directory + "/" + FileKind.NORMS.fileName(), FileKind.NORMS, segment, arena);
            check(norms, metric, dimension, rowCount, Float.BYTES);
        }
        return new VectorFiles(vectors, norms, dimension, rowCount);
    }

    private static void check(CheckedFile file, Metric metric, int dimension, int rowCount, long rowBytes)
            throws CorruptSegmentException {
        file.expect("rows", rowCount, file.header().rowCount());
        file.expect("metric", code(metric), file.header().numbers()[0]);
        file.expect("dimension", dimension, file.header().numbers()[1]);
        file.expect("stride", rowBytes, file.header().numbers()[2]);
        file.expect("bytes", rowCount * rowBytes, file.header().bodyBytes());
    }

    /** The number of a metric in files. */
    static int code(Metric metric) {
        return switch (metric) {
            case SQUARED_L2 -> 1;
            case COSINE -> 2;
            case INNER_PRODUCT -> 3;
        };
    }

    void verify(ReadPace pace) throws CorruptSegmentException {
        vectors.verify(pace);
        if (norms != null) {
            norms.verify(pace);
        }
    }

    int rowCount() {
        return rowCount;
    }

    float[] embedding(int row) {
        float[] embedding = new float[dimension];
        long at = Objects.checkIndex(row, rowCount) * Kernels.strideBytes(dimension);
        MemorySegment.copy(vectors.body(), LittleEndian.FLOAT, at, embedding, 0, dimension);
        return embedding;
    }

    @Override
    public int dimension() {
        return dimension;
    }

    /** One chunk for all. */
    @Override
    public int chunkRows() {
        return Integer.MAX_VALUE;
    }

    @Override
    public MemorySegment chunk(int number) {
        return vectors.body();
    }

    @Override
    public MemorySegment inverseNorms(int number) {
        return Objects.requireNonNull(norms, "norms are kept for cosine alone").body();
    }
}

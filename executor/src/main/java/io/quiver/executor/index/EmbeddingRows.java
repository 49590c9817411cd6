package io.quiver.executor.index;

import java.lang.foreign.MemorySegment;

/**
 * Where the embeddings of a segment lie: rows of little-endian floats in chunks outside the heap, each row padded with
 * zeros to {@link Kernels#strideBytes}, and beside them one inverse norm a row where the metric is cosine.
 *
 * <p>The memory belongs to the segment and is lent for the time of a search. Chunks only get more; rows never change.
 */
public interface EmbeddingRows {
    int dimension();

    /** Rows in each chunk; row {@code r} is row {@code r % chunkRows} of chunk {@code r / chunkRows}. */
    int chunkRows();

    /** The rows of a chunk; the first begins at byte 0. */
    MemorySegment chunk(int number);

    /** {@link Distances#inverseNorm} of each row of a chunk, as little-endian floats; asked only where it is needed. */
    MemorySegment inverseNorms(int number);
}

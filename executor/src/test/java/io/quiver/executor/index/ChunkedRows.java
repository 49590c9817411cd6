package io.quiver.executor.index;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** Rows for tests, in chunks outside the heap, at an alignment of choice. */
public final class ChunkedRows implements EmbeddingRows {
    private final int dimension;
    private final int chunkRows;
    private final List<MemorySegment> chunks = new ArrayList<>();
    private final List<MemorySegment> norms = new ArrayList<>();

    /** @param misalignment bytes by which chunks miss a multiple of 64 */
    public ChunkedRows(Arena arena, float[][] embeddings, int dimension, int chunkRows, int misalignment) {
        this.dimension = dimension;
        this.chunkRows = chunkRows;
        long stride = Kernels.strideBytes(dimension);
        for (int row = 0; row < embeddings.length; row++) {
            if (row % chunkRows == 0) {
                chunks.add(arena.allocate(chunkRows * stride + misalignment, 64).asSlice(misalignment));
                norms.add(arena.allocate((long) chunkRows * Float.BYTES, 4));
            }
            MemorySegment chunk = chunks.getLast();
            long offset = row % chunkRows * stride;
            MemorySegment.copy(embeddings[row], 0, chunk, Distances.FLOAT, offset, dimension);
            norms.getLast()
                    .set(
                            Distances.FLOAT,
                            row % chunkRows * (long) Float.BYTES,
                            Distances.inverseNorm(chunk, offset, dimension));
        }
    }

    @Override
    public int dimension() {
        return dimension;
    }

    @Override
    public int chunkRows() {
        return chunkRows;
    }

    @Override
    public MemorySegment chunk(int number) {
        return chunks.get(number);
    }

    @Override
    public MemorySegment inverseNorms(int number) {
        return norms.get(number);
    }
}

package io.quiver.loadtest.index.engine;

import io.quiver.executor.index.Distances;
import io.quiver.executor.index.EmbeddingRows;
import io.quiver.executor.index.Kernels;
import io.quiver.loadtest.data.Vectors;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Vectors as they lie in a segment: one chunk of padded rows outside the heap, in the memory of a lent arena. */
record OffHeapRows(int dimension, int chunkRows, MemorySegment rows, MemorySegment norms) implements EmbeddingRows {
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private static final int LINE_BYTES = 64;

    static OffHeapRows of(Vectors vectors, Arena arena) {
        int dimension = vectors.dimension();
        long stride = Kernels.strideBytes(dimension);
        MemorySegment rows = arena.allocate(vectors.count() * stride, LINE_BYTES);
        MemorySegment norms = arena.allocate((long) vectors.count() * Float.BYTES, LINE_BYTES);
        for (int row = 0; row < vectors.count(); row++) {
            MemorySegment.copy(vectors.chunk(row), vectors.at(row), rows, FLOAT, row * stride, dimension);
            norms.setAtIndex(FLOAT, row, Distances.inverseNorm(rows, row * stride, dimension));
        }
        return new OffHeapRows(dimension, vectors.count(), rows, norms);
    }

    @Override
    public MemorySegment chunk(int number) {
        return rows;
    }

    @Override
    public MemorySegment inverseNorms(int number) {
        return norms;
    }
}

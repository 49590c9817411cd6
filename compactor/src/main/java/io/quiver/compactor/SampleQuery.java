package io.quiver.compactor;

import io.quiver.executor.index.EmbeddingRows;
import io.quiver.executor.index.Kernels;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A question to prove a graph with.
 *
 * <p>Questions of callers are not rows, and a row that is only left out of the answer is too easy: the walk comes to its
 * node, whose links are the answer. So it is asked for its neighbours as if it had never come. Decision 0210 has the
 * recall of such questions beside that of real ones.
 *
 * @param row that asks, and is not there for its question
 */
record SampleQuery(float[] embedding, int row) {
    /** Enough to tell a recall of 0.97 from one of 0.96. */
    private static final int SAMPLE_MAX = 200;

    private static final int SAMPLE_MIN = 50;

    /** Distances of the exact pass: a second or two. */
    private static final long DISTANCES_MAX = 400_000_000;

    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** Different rows, as they are; the same ones for the same seed. */
    static List<SampleQuery> draw(EmbeddingRows rows, int rowCount, long seed) {
        long size = Math.clamp(DISTANCES_MAX / rowCount, SAMPLE_MIN, SAMPLE_MAX);
        return new SplittableRandom(seed)
                .ints(0, rowCount)
                .distinct()
                .limit(Math.min(size, rowCount))
                .mapToObj(row -> new SampleQuery(embedding(rows, row), row))
                .toList();
    }

    private static float[] embedding(EmbeddingRows rows, int row) {
        MemorySegment chunk = rows.chunk(row / rows.chunkRows());
        long at = row % rows.chunkRows() * Kernels.strideBytes(rows.dimension());
        float[] embedding = new float[rows.dimension()];
        MemorySegment.copy(chunk, FLOAT, at, embedding, 0, embedding.length);
        return embedding;
    }
}

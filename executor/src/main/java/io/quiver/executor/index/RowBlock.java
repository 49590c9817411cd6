package io.quiver.executor.index;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Rows that are computed together: which they are and where they lie. They are of one chunk, or copied next to each other.
 * Scratch of one search.
 */
final class RowBlock {
    private final EmbeddingRows embeddings;
    private final boolean hasNorms;
    private final long strideBytes;
    private final int[] numbers;
    private final long[] offsets;
    private MemorySegment rows = MemorySegment.NULL;
    private MemorySegment inverseNorms = MemorySegment.NULL;
    private int firstRow;
    private boolean isGathered;
    private int count;

    RowBlock(EmbeddingRows embeddings, Metric metric, int rowsMax) {
        this.embeddings = embeddings;
        this.hasNorms = metric == Metric.COSINE;
        this.strideBytes = Kernels.strideBytes(embeddings.dimension());
        this.numbers = new int[rowsMax + Kernels.ROWS_A_TURN];
        this.offsets = new long[rowsMax + Kernels.ROWS_A_TURN];
    }

    /**
     * Takes rows from wherever they lie, by copying them: the memory brings in the next row while one is written.
     *
     * @param floats receives the rows
     * @param norms receives their inverse norms, where the metric needs them
     */
    void gather(int[] chosen, int from, int to, MemorySegment floats, MemorySegment norms) {
        for (count = 0; count < to - from; count++) {
            gather(chosen[from + count], floats, norms);
        }
        rows = floats;
        inverseNorms = norms;
        isGathered = true;
        pad();
    }

    private void gather(int row, MemorySegment floats, MemorySegment norms) {
        int chunk = row / embeddings.chunkRows();
        long at = row % embeddings.chunkRows();
        numbers[count] = row;
        offsets[count] = count * strideBytes;
        MemorySegment.copy(embeddings.chunk(chunk), at * strideBytes, floats, offsets[count], strideBytes);
        if (hasNorms) {
            MemorySegment.copy(
                    embeddings.inverseNorms(chunk), at * Float.BYTES, norms, (long) count * Float.BYTES, Float.BYTES);
        }
    }

    /** Takes the rows {@code from} (inclusive) to {@code to} (exclusive) of one chunk, or those of them in a set. */
    void fill(int from, int to, @Nullable RowSet candidates) {
        int chunk = from / embeddings.chunkRows();
        firstRow = chunk * embeddings.chunkRows();
        lend(chunk);
        count = 0;
        if (candidates == null) {
            fillAll(from, to);
        } else {
            fillCandidates(from, to, candidates);
        }
        pad();
    }

    /** Takes rows one by one, as long as they lie in one chunk; returns the place of the first that does not. */
    int fill(int[] rowNumbers, int from, int to) {
        int chunk = rowNumbers[from] / embeddings.chunkRows();
        firstRow = chunk * embeddings.chunkRows();
        lend(chunk);
        count = 0;
        int at = from;
        for (; at < to && rowNumbers[at] / embeddings.chunkRows() == chunk; at++) {
            numbers[count] = rowNumbers[at];
            offsets[count++] = (rowNumbers[at] - firstRow) * strideBytes;
        }
        pad();
        return at;
    }

    MemorySegment rows() {
        return rows;
    }

    long[] offsets() {
        return offsets;
    }

    int count() {
        return count;
    }

    int number(int i) {
        return numbers[i];
    }

    long offset(int i) {
        return offsets[i];
    }

    float inverseNorm(int i) {
        int at = isGathered ? i : numbers[i] - firstRow;
        return inverseNorms.get(Distances.FLOAT, (long) at * Float.BYTES);
    }

    private void lend(int chunk) {
        isGathered = false;
        rows = embeddings.chunk(chunk);
        if (hasNorms) {
            inverseNorms = embeddings.inverseNorms(chunk);
        }
    }

    private void fillAll(int from, int to) {
        long offset = (from - firstRow) * strideBytes;
        for (int row = from; row < to; row++) {
            numbers[count] = row;
            offsets[count++] = offset;
            offset += strideBytes;
        }
    }

    private void fillCandidates(int from, int to, RowSet candidates) {
        for (int row = candidates.next(from); row >= 0 && row < to; row = candidates.next(row + 1)) {
            numbers[count] = row;
            offsets[count++] = (row - firstRow) * strideBytes;
        }
    }

    /** The kernels compute whole turns: what is missing in the last one is its last row again. */
    private void pad() {
        if (count > 0) {
            Arrays.fill(offsets, count, count + Kernels.ROWS_A_TURN, offsets[count - 1]);
        }
    }
}

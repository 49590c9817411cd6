package io.quiver.executor.index;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Rows that are computed together: which they are and where they lie, in one chunk or each in a chunk of its own.
 * Scratch of one search.
 */
final class RowBlock {
    private final EmbeddingRows embeddings;
    private final boolean hasNorms;
    private final long strideBytes;
    private final int rowsMax;
    private final int[] numbers;
    private final long[] offsets;
    private MemorySegment rows = MemorySegment.NULL;
    private MemorySegment inverseNorms = MemorySegment.NULL;
    private int firstRow;
    private final MemorySegment[] memories;
    private boolean isScattered;
    private int count;

    RowBlock(EmbeddingRows embeddings, Metric metric, int rowsMax) {
        this.embeddings = embeddings;
        this.hasNorms = metric == Metric.COSINE;
        this.strideBytes = Kernels.strideBytes(embeddings.dimension());
        this.rowsMax = rowsMax;
        this.numbers = new int[rowsMax + Kernels.ROWS_A_TURN];
        this.offsets = new long[rowsMax + Kernels.ROWS_A_TURN];
        this.memories = new MemorySegment[rowsMax + Kernels.ROWS_A_TURN];
    }

    /** Takes rows one by one, from wherever they lie. */
    void scatter(int[] rowNumbers, int from, int to) {
        isScattered = true;
        for (count = 0; count < to - from; count++) {
            int row = rowNumbers[from + count];
            numbers[count] = row;
            memories[count] = embeddings.chunk(row / embeddings.chunkRows());
            offsets[count] = row % embeddings.chunkRows() * strideBytes;
        }
        pad();
    }

    /**
     * Takes rows from {@code from} (inclusive) to {@code to} (exclusive), or those of them in a set: as many as fit, of
     * the chunk in which the first of them lies. Returns where the next block begins.
     */
    int fill(int from, int to, @Nullable RowSet candidates) {
        count = 0;
        int first = candidates == null ? from : candidates.next(from);
        if (first < 0 || first >= to) {
            return to;
        }
        int chunk = first / embeddings.chunkRows();
        firstRow = chunk * embeddings.chunkRows();
        lend(chunk);
        int end = (int) Math.min(to, (long) firstRow + embeddings.chunkRows());
        int next = candidates == null ? fillAll(first, end) : fillCandidates(first, end, candidates);
        pad();
        return next;
    }

    /** Takes rows of one chunk one by one. */
    void fill(int[] rowNumbers, int from, int to) {
        int chunk = rowNumbers[from] / embeddings.chunkRows();
        firstRow = chunk * embeddings.chunkRows();
        lend(chunk);
        for (count = 0; count < to - from; count++) {
            numbers[count] = rowNumbers[from + count];
            offsets[count] = (numbers[count] - firstRow) * strideBytes;
        }
        pad();
    }

    /** Keeps rows whose sum is not beyond a limit. */
    void leaveOut(float[] sums, float limit) {
        int kept = 0;
        for (int i = 0; i < count; i++) {
            numbers[kept] = numbers[i];
            offsets[kept] = offsets[i];
            memories[kept] = memories[i];
            kept += sums[i] > limit ? 0 : 1;
        }
        count = kept;
        pad();
    }

    /** Inner products of the rows with a query. */
    void dots(Kernels kernels, float[] query, float[] sums) {
        if (isScattered) {
            kernels.dots(memories, offsets, count, query, sums);
        } else {
            kernels.dots(rows, offsets, count, query, sums);
        }
    }

    /** Squared Euclidean distances of the rows to a query. */
    void squares(Kernels kernels, float[] query, float[] sums) {
        if (isScattered) {
            kernels.squares(memories, offsets, count, query, sums);
        } else {
            kernels.squares(rows, offsets, count, query, sums);
        }
    }

    /** Where row {@code i} lies, from {@link #offset} on. */
    MemorySegment memory(int i) {
        return isScattered ? memories[i] : rows;
    }

    /** Where all rows lie, unless they are scattered. */
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
        if (isScattered) {
            long at = numbers[i] % embeddings.chunkRows();
            return embeddings.inverseNorms(numbers[i] / embeddings.chunkRows()).get(Distances.FLOAT, at * Float.BYTES);
        }
        return inverseNorms.get(Distances.FLOAT, (long) (numbers[i] - firstRow) * Float.BYTES);
    }

    private void lend(int chunk) {
        isScattered = false;
        rows = embeddings.chunk(chunk);
        if (hasNorms) {
            inverseNorms = embeddings.inverseNorms(chunk);
        }
    }

    private int fillAll(int from, int to) {
        int end = Math.min(to, from + rowsMax);
        long offset = (from - firstRow) * strideBytes;
        for (int row = from; row < end; row++) {
            numbers[count] = row;
            offsets[count++] = offset;
            offset += strideBytes;
        }
        return end;
    }

    private int fillCandidates(int from, int to, RowSet candidates) {
        int row = from;
        while (row >= 0 && row < to && count < rowsMax) {
            numbers[count] = row;
            offsets[count++] = (row - firstRow) * strideBytes;
            row = candidates.next(row + 1);
        }
        return row < 0 ? to : Math.min(row, to);
    }

    /** The kernels compute whole turns: what is missing in the last one is its last row again. */
    private void pad() {
        if (count > 0) {
            Arrays.fill(offsets, count, count + Kernels.ROWS_A_TURN, offsets[count - 1]);
            Arrays.fill(memories, count, count + Kernels.ROWS_A_TURN, memories[count - 1]);
        }
    }
}

package io.quiver.executor.index;

import static jdk.incubator.vector.FloatVector.fromArray;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;
import static jdk.incubator.vector.FloatVector.zero;

import io.quiver.executor.index.code.KernelSetting;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Kernels on the processor's vectors, at most 512 bits wide, with one accumulator a row and query.
 *
 * <p>Four rows a turn: one load of the query serves four rows, and four chains of additions and of cache misses run
 * side by side. The lanes are added by {@link #sum} in an order of its own: {@code reduceLanes} leaves the order open,
 * and interpreted and compiled code do differ in it. Loops are static and small because a compiler that gives up on one
 * of them boxes every vector, a thousand times slower.
 */
final class VectorKernels implements Kernels {
    private static final VectorSpecies<Float> SPECIES = species(KernelSetting.ofProcess());
    private static final int LANES = SPECIES.length();
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

    private static final VectorShuffle<Float> SWAP_8 = swap(8);
    private static final VectorShuffle<Float> SWAP_4 = swap(4);
    private static final VectorShuffle<Float> SWAP_2 = swap(2);
    private static final VectorShuffle<Float> SWAP_1 = swap(1);

    private static VectorSpecies<Float> species(KernelSetting setting) {
        VectorSpecies<Float> widest =
                setting == KernelSetting.VECTOR_256 ? FloatVector.SPECIES_256 : FloatVector.SPECIES_512;
        VectorSpecies<Float> preferred = FloatVector.SPECIES_PREFERRED;
        return preferred.length() > widest.length() ? widest : preferred;
    }

    /** Width of the vectors in use. */
    static int bits() {
        return SPECIES.vectorBitSize();
    }

    @Override
    public String name() {
        return "vector-" + bits();
    }

    @Override
    public void dots(MemorySegment rows, long[] offsets, int count, float[] query, float[] sums) {
        for (int row = 0; row < count; row += ROWS_A_TURN) {
            fourDots(rows, rows, rows, rows, offsets, row, query, sums);
        }
    }

    @Override
    public void squares(MemorySegment rows, long[] offsets, int count, float[] query, float[] sums) {
        for (int row = 0; row < count; row += ROWS_A_TURN) {
            fourSquares(rows, rows, rows, rows, offsets, row, query, sums);
        }
    }

    @Override
    public void dots(MemorySegment[] memories, long[] offsets, int count, float[] query, float[] sums) {
        for (int row = 0; row < count; row += ROWS_A_TURN) {
            fourDots(memories[row], memories[row + 1], memories[row + 2], memories[row + 3], offsets, row, query, sums);
        }
    }

    @Override
    public void squares(MemorySegment[] memories, long[] offsets, int count, float[] query, float[] sums) {
        for (int row = 0; row < count; row += ROWS_A_TURN) {
            fourSquares(
                    memories[row], memories[row + 1], memories[row + 2], memories[row + 3], offsets, row, query, sums);
        }
    }

    @Override
    public void dots(
            MemorySegment rows,
            long[] offsets,
            int count,
            float[] query,
            float[] sums,
            float[] secondQuery,
            float[] secondSums) {
        for (int row = 0; row < count; row += ROWS_A_TURN) {
            dotPairs(rows, offsets, row, query, sums, secondQuery, secondSums);
        }
    }

    @Override
    public void squares(
            MemorySegment rows,
            long[] offsets,
            int count,
            float[] query,
            float[] sums,
            float[] secondQuery,
            float[] secondSums) {
        for (int row = 0; row < count; row += ROWS_A_TURN) {
            squarePairs(rows, offsets, row, query, sums, secondQuery, secondSums);
        }
    }

    private static void fourDots(
            MemorySegment rows0,
            MemorySegment rows1,
            MemorySegment rows2,
            MemorySegment rows3,
            long[] offsets,
            int row,
            float[] query,
            float[] sums) {
        long offset0 = offsets[row];
        long offset1 = offsets[row + 1];
        long offset2 = offsets[row + 2];
        long offset3 = offsets[row + 3];
        FloatVector sum0 = zero(SPECIES);
        FloatVector sum1 = zero(SPECIES);
        FloatVector sum2 = zero(SPECIES);
        FloatVector sum3 = zero(SPECIES);
        for (int i = 0; i < query.length; i += LANES) {
            long at = (long) i * Float.BYTES;
            FloatVector q = fromArray(SPECIES, query, i);
            sum0 = q.fma(fromMemorySegment(SPECIES, rows0, offset0 + at, ORDER), sum0);
            sum1 = q.fma(fromMemorySegment(SPECIES, rows1, offset1 + at, ORDER), sum1);
            sum2 = q.fma(fromMemorySegment(SPECIES, rows2, offset2 + at, ORDER), sum2);
            sum3 = q.fma(fromMemorySegment(SPECIES, rows3, offset3 + at, ORDER), sum3);
        }
        sums[row] = sum(sum0);
        sums[row + 1] = sum(sum1);
        sums[row + 2] = sum(sum2);
        sums[row + 3] = sum(sum3);
    }

    private static void fourSquares(
            MemorySegment rows0,
            MemorySegment rows1,
            MemorySegment rows2,
            MemorySegment rows3,
            long[] offsets,
            int row,
            float[] query,
            float[] sums) {
        long offset0 = offsets[row];
        long offset1 = offsets[row + 1];
        long offset2 = offsets[row + 2];
        long offset3 = offsets[row + 3];
        FloatVector sum0 = zero(SPECIES);
        FloatVector sum1 = zero(SPECIES);
        FloatVector sum2 = zero(SPECIES);
        FloatVector sum3 = zero(SPECIES);
        for (int i = 0; i < query.length; i += LANES) {
            long at = (long) i * Float.BYTES;
            FloatVector q = fromArray(SPECIES, query, i);
            FloatVector difference0 =
                    fromMemorySegment(SPECIES, rows0, offset0 + at, ORDER).sub(q);
            FloatVector difference1 =
                    fromMemorySegment(SPECIES, rows1, offset1 + at, ORDER).sub(q);
            FloatVector difference2 =
                    fromMemorySegment(SPECIES, rows2, offset2 + at, ORDER).sub(q);
            FloatVector difference3 =
                    fromMemorySegment(SPECIES, rows3, offset3 + at, ORDER).sub(q);
            sum0 = difference0.fma(difference0, sum0);
            sum1 = difference1.fma(difference1, sum1);
            sum2 = difference2.fma(difference2, sum2);
            sum3 = difference3.fma(difference3, sum3);
        }
        sums[row] = sum(sum0);
        sums[row + 1] = sum(sum1);
        sums[row + 2] = sum(sum2);
        sums[row + 3] = sum(sum3);
    }

    private static void dotPairs(
            MemorySegment rows,
            long[] offsets,
            int row,
            float[] query,
            float[] sums,
            float[] secondQuery,
            float[] secondSums) {
        long offset0 = offsets[row];
        long offset1 = offsets[row + 1];
        long offset2 = offsets[row + 2];
        long offset3 = offsets[row + 3];
        FloatVector sum0 = zero(SPECIES);
        FloatVector sum1 = zero(SPECIES);
        FloatVector sum2 = zero(SPECIES);
        FloatVector sum3 = zero(SPECIES);
        FloatVector second0 = zero(SPECIES);
        FloatVector second1 = zero(SPECIES);
        FloatVector second2 = zero(SPECIES);
        FloatVector second3 = zero(SPECIES);
        for (int i = 0; i < query.length; i += LANES) {
            long at = (long) i * Float.BYTES;
            FloatVector q = fromArray(SPECIES, query, i);
            FloatVector secondQ = fromArray(SPECIES, secondQuery, i);
            FloatVector row0 = fromMemorySegment(SPECIES, rows, offset0 + at, ORDER);
            FloatVector row1 = fromMemorySegment(SPECIES, rows, offset1 + at, ORDER);
            FloatVector row2 = fromMemorySegment(SPECIES, rows, offset2 + at, ORDER);
            FloatVector row3 = fromMemorySegment(SPECIES, rows, offset3 + at, ORDER);
            sum0 = q.fma(row0, sum0);
            sum1 = q.fma(row1, sum1);
            sum2 = q.fma(row2, sum2);
            sum3 = q.fma(row3, sum3);
            second0 = secondQ.fma(row0, second0);
            second1 = secondQ.fma(row1, second1);
            second2 = secondQ.fma(row2, second2);
            second3 = secondQ.fma(row3, second3);
        }
        sums[row] = sum(sum0);
        sums[row + 1] = sum(sum1);
        sums[row + 2] = sum(sum2);
        sums[row + 3] = sum(sum3);
        secondSums[row] = sum(second0);
        secondSums[row + 1] = sum(second1);
        secondSums[row + 2] = sum(second2);
        secondSums[row + 3] = sum(second3);
    }

    private static void squarePairs(
            MemorySegment rows,
            long[] offsets,
            int row,
            float[] query,
            float[] sums,
            float[] secondQuery,
            float[] secondSums) {
        long offset0 = offsets[row];
        long offset1 = offsets[row + 1];
        long offset2 = offsets[row + 2];
        long offset3 = offsets[row + 3];
        FloatVector sum0 = zero(SPECIES);
        FloatVector sum1 = zero(SPECIES);
        FloatVector sum2 = zero(SPECIES);
        FloatVector sum3 = zero(SPECIES);
        FloatVector second0 = zero(SPECIES);
        FloatVector second1 = zero(SPECIES);
        FloatVector second2 = zero(SPECIES);
        FloatVector second3 = zero(SPECIES);
        for (int i = 0; i < query.length; i += LANES) {
            long at = (long) i * Float.BYTES;
            FloatVector q = fromArray(SPECIES, query, i);
            FloatVector secondQ = fromArray(SPECIES, secondQuery, i);
            FloatVector row0 = fromMemorySegment(SPECIES, rows, offset0 + at, ORDER);
            FloatVector row1 = fromMemorySegment(SPECIES, rows, offset1 + at, ORDER);
            FloatVector row2 = fromMemorySegment(SPECIES, rows, offset2 + at, ORDER);
            FloatVector row3 = fromMemorySegment(SPECIES, rows, offset3 + at, ORDER);
            sum0 = addSquare(row0, q, sum0);
            sum1 = addSquare(row1, q, sum1);
            sum2 = addSquare(row2, q, sum2);
            sum3 = addSquare(row3, q, sum3);
            second0 = addSquare(row0, secondQ, second0);
            second1 = addSquare(row1, secondQ, second1);
            second2 = addSquare(row2, secondQ, second2);
            second3 = addSquare(row3, secondQ, second3);
        }
        sums[row] = sum(sum0);
        sums[row + 1] = sum(sum1);
        sums[row + 2] = sum(sum2);
        sums[row + 3] = sum(sum3);
        secondSums[row] = sum(second0);
        secondSums[row + 1] = sum(second1);
        secondSums[row + 2] = sum(second2);
        secondSums[row + 3] = sum(second3);
    }

    private static FloatVector addSquare(FloatVector row, FloatVector query, FloatVector sum) {
        FloatVector difference = row.sub(query);
        return difference.fma(difference, sum);
    }

    /** Adds the lanes as a tree: halves onto each other until one is left. */
    private static float sum(FloatVector lanes) {
        FloatVector sum = lanes;
        if (LANES >= 16) {
            sum = sum.add(sum.rearrange(SWAP_8));
        }
        if (LANES >= 8) {
            sum = sum.add(sum.rearrange(SWAP_4));
        }
        if (LANES >= 4) {
            sum = sum.add(sum.rearrange(SWAP_2));
        }
        return sum.add(sum.rearrange(SWAP_1)).lane(0);
    }

    private static VectorShuffle<Float> swap(int distance) {
        return VectorShuffle.fromOp(SPECIES, lane -> (lane ^ distance) & (LANES - 1));
    }
}

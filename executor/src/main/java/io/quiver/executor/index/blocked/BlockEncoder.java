package io.quiver.executor.index.blocked;

import io.quiver.executor.index.EmbeddingRows;
import io.quiver.executor.index.Metric;
import io.quiver.executor.index.code.CodeKernels;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * Writes chunks of codes: the center that the rows of a chunk are near to, and for each row the signs of its residual
 * {@code r = x - c} with the two factors that turn them into an estimate. {@link BlockedIndex} has the formulas.
 *
 * <p>The center of the first chunk is the mean of its own rows; of each later one it is the mean of the chunk before,
 * so that a block can be encoded when it is complete. Codes stay good where the rows of a collection change as time
 * goes by.
 *
 * <p>Scratch of the one thread that appends.
 */
final class BlockEncoder {
    /** Beyond these the factors leave the range of a float, or lose their meaning in it. */
    private static final float SQUARE_MIN = 1e-30f;

    private static final float SQUARE_MAX = 1e30f;

    private final RotatedSpace space;
    private final EmbeddingRows rows;
    private final BlockLayout layout;
    private final boolean isSquared;
    private final float[] center;
    private final double[] sums;
    private final float[] residual;
    private final byte[] codes;

    BlockEncoder(Metric metric, RotatedSpace space, EmbeddingRows rows, BlockLayout layout) {
        this.space = space;
        this.rows = rows;
        this.layout = layout;
        this.isSquared = metric == Metric.SQUARED_L2;
        this.center = new float[layout.codeDimension()];
        this.sums = new double[layout.codeDimension()];
        this.residual = new float[layout.codeDimension()];
        this.codes = new byte[layout.codesBytes()];
    }

    /** Begins a chunk, whose first row this is; the rows of the chunk before it have been encoded, if there is one. */
    void begin(MemorySegment chunk, int firstRow) {
        if (firstRow == 0) {
            addFirstRows();
        }
        for (int i = 0; i < center.length; i++) {
            center[i] = (float) (sums[i] / BlockLayout.CHUNK_ROWS);
        }
        Arrays.fill(sums, 0);
        MemorySegment.copy(center, 0, chunk, BlockLayout.FLOAT, 0, center.length);
    }

    private void addFirstRows() {
        for (int row = 0; row < BlockLayout.CHUNK_ROWS; row++) {
            space.project(rows, row, residual);
            addToMean();
        }
    }

    private void addToMean() {
        for (int i = 0; i < sums.length; i++) {
            sums[i] += residual[i];
        }
    }

    /** Writes a block of a chunk. */
    void encode(MemorySegment chunk, int block, int firstRow) {
        Arrays.fill(codes, (byte) 0);
        long factors = layout.factors(block);
        for (int slot = 0; slot < BlockLayout.BLOCK_ROWS; slot++) {
            space.project(rows, firstRow + slot, residual);
            addToMean();
            chunk.set(BlockLayout.INT, factors + 4L * slot, encode(slot));
        }
        MemorySegment.copy(codes, 0, chunk, ValueLayout.JAVA_BYTE, layout.codes(block), codes.length);
    }

    /** Writes the signs of the residual; returns the factors. */
    private int encode(int slot) {
        float absolute = 0;
        float square = 0;
        float signedCenter = 0;
        float centerProduct = 0;
        for (int i = 0; i < residual.length; i++) {
            float c = center[i];
            float r = residual[i] - c;
            residual[i] = r;
            absolute += Math.abs(r);
            square += r * r;
            signedCenter += withSignOf(r, c);
            centerProduct += c * r;
        }
        writeSigns(slot);
        return factors(absolute, square, signedCenter, isSquared ? square : -centerProduct);
    }

    private int factors(float absolute, float square, float signedCenter, float constant) {
        if (square != 0 && !(square > SQUARE_MIN && square < SQUARE_MAX)) {
            return Factors.ALWAYS_NEAR;
        }
        float slope = absolute == 0 ? 0 : Factors.rounded((isSquared ? -2 : -1) * square / absolute);
        return Factors.pack(constant - slope * signedCenter, slope);
    }

    /** {@code c} times the sign of {@code r}. */
    private static float withSignOf(float r, float c) {
        return Float.intBitsToFloat(Float.floatToRawIntBits(c) ^ Float.floatToRawIntBits(r) & Integer.MIN_VALUE);
    }

    private void writeSigns(int slot) {
        int at = CodeKernels.byteOfSlot(slot);
        int shift = CodeKernels.isHighNibble(slot) ? 4 : 0;
        for (int i = 0; i < residual.length; i += 4) {
            int nibble = isPositive(i) | isPositive(i + 1) << 1 | isPositive(i + 2) << 2 | isPositive(i + 3) << 3;
            codes[at + 4 * i] |= (byte) (nibble << shift);
        }
    }

    private int isPositive(int i) {
        return ~Float.floatToRawIntBits(residual[i]) >>> 31;
    }
}

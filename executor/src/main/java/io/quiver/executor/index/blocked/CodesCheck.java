package io.quiver.executor.index.blocked;

import io.quiver.executor.index.code.CodeKernels;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Compares an image of codes, chunk by chunk, with what its rows are encoded to now. Other kernels than those of the
 * machine that made it round a little differently: a component that is nearly nothing may have the other sign, and
 * factors, of which only the upper halves are kept, may be off by a little. For one thread, once through an image.
 */
final class CodesCheck {
    /** Of the signs of a row, one in so many may differ. */
    private static final int SIGNS_A_DIFFERENCE = 32;

    private static final float OFF_MAX = 1 / 32f;
    private static final int UPPER_HALF = 0xFFFF_0000;

    private final BlockLayout layout;
    private final MemorySegment image;
    private int number;
    private float centerSum;

    CodesCheck(BlockLayout layout, MemorySegment image) {
        this.layout = layout;
        this.image = image;
    }

    /** @param expected the next chunk of the image, as it should be */
    void next(MemorySegment expected) {
        MemorySegment found = image.asSlice(number * layout.chunkBytes(), layout.chunkBytes());
        checkCenter(found, expected);
        for (int block = 0; block < BlockLayout.CHUNK_BLOCKS; block++) {
            for (int slot = 0; slot < BlockLayout.BLOCK_ROWS; slot++) {
                checkRow(found, expected, block, slot);
            }
        }
        number++;
    }

    private void checkCenter(MemorySegment found, MemorySegment expected) {
        float difference = 0;
        centerSum = 0;
        for (int i = 0; i < layout.codeDimension(); i++) {
            float c = expected.getAtIndex(BlockLayout.FLOAT, i);
            difference += Math.abs(found.getAtIndex(BlockLayout.FLOAT, i) - c);
            centerSum += Math.abs(c);
        }
        if (!(difference <= OFF_MAX * centerSum)) {
            throw new IllegalArgumentException("the center of chunk %d is not that of its rows".formatted(number));
        }
    }

    private void checkRow(MemorySegment found, MemorySegment expected, int block, int slot) {
        int differences = 0;
        long codes = layout.codes(block) + CodeKernels.byteOfSlot(slot);
        for (int i = 0; i < layout.codeDimension(); i += CodeKernels.GROUP) {
            differences +=
                    Integer.bitCount(nibble(found, codes + 4L * i, slot) ^ nibble(expected, codes + 4L * i, slot));
        }
        long factors = layout.factors(block) + (long) Integer.BYTES * slot;
        if (differences > layout.codeDimension() / SIGNS_A_DIFFERENCE
                || !areNear(found.get(BlockLayout.INT, factors), expected.get(BlockLayout.INT, factors))) {
            int row = number * BlockLayout.CHUNK_ROWS + block * BlockLayout.BLOCK_ROWS + slot;
            throw new IllegalArgumentException("row %d: its code is not that of its embedding".formatted(row));
        }
    }

    private static int nibble(MemorySegment chunk, long at, int slot) {
        int value = chunk.get(ValueLayout.JAVA_BYTE, at);
        return (CodeKernels.isHighNibble(slot) ? value >> 4 : value) & 0xF;
    }

    private boolean areNear(int found, int expected) {
        if (found == expected) {
            return true;
        }
        float slope = slope(expected);
        float offset = offset(expected);
        float reach = Math.abs(offset) + Math.abs(slope) * centerSum;
        return Math.abs(slope(found) - slope) <= OFF_MAX * Math.abs(slope)
                && Math.abs(offset(found) - offset) <= OFF_MAX * reach;
    }

    private static float offset(int factors) {
        return Float.intBitsToFloat(factors & UPPER_HALF);
    }

    private static float slope(int factors) {
        return Float.intBitsToFloat(factors << Short.SIZE);
    }
}

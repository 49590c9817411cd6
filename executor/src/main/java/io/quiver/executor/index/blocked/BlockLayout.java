package io.quiver.executor.index.blocked;

import io.quiver.executor.index.code.CodeKernels;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Where things lie in a chunk of codes: the center as floats, then {@value #CHUNK_BLOCKS} blocks, each the codes of
 * {@value CodeKernels#BLOCK} rows and their factors, as {@link CodeKernels} describes them.
 *
 * @param codeDimension components of a code, a multiple of {@link CodeKernels#DIMENSIONS_A_LINE}
 */
record BlockLayout(int codeDimension) {
    static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    static final int LINE_BYTES = 64;
    static final int BLOCK_ROWS = CodeKernels.BLOCK;
    static final int CHUNK_BLOCKS = 32;
    static final int CHUNK_ROWS = CHUNK_BLOCKS * BLOCK_ROWS;

    /** Bits of codes below this number say too little: embeddings are rotated into a space of so many dimensions. */
    private static final int DIMENSION_MIN = 128;

    private static final int FACTORS_BYTES = BLOCK_ROWS * Integer.BYTES;

    static BlockLayout of(int dimension) {
        int line = CodeKernels.DIMENSIONS_A_LINE;
        return new BlockLayout(Math.max(DIMENSION_MIN, (dimension + line - 1) / line * line));
    }

    int lines() {
        return codeDimension / CodeKernels.DIMENSIONS_A_LINE;
    }

    /** Bytes of the codes of a block; its factors come behind them. */
    int codesBytes() {
        return lines() * LINE_BYTES;
    }

    long codes(int block) {
        return (long) codeDimension * Float.BYTES + (long) block * (codesBytes() + FACTORS_BYTES);
    }

    long factors(int block) {
        return codes(block) + codesBytes();
    }

    /** With a line behind the last block, for the kernels read up to three lines past the codes. */
    long chunkBytes() {
        return codes(CHUNK_BLOCKS) + LINE_BYTES;
    }
}

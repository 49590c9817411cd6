package io.quiver.executor.index.graph;

import io.quiver.executor.index.code.CodeKernels;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Where things lie in an image, little-endian. After one page of header come a row for each node, then the entry table:
 *
 * <pre>
 * row   0            f32      lower            a component is lower + scale * byte
 *       4            f32      scale
 *       8            f32      squared length of the embedding in code space
 *       12           u32      row of the segment
 *       16           u8[D]    the embedding in code space
 *       codesAt      block    1-bit codes of the neighbours' residuals against this node
 *       factorsAt    u32[32]  their factors
 *       idsAt        u32[32]  nodes; NONE where there are fewer
 * entry 0            block    1-bit codes of 32 sampled nodes against the origin of code space
 *       64 * lines   u32[32]  their factors
 *       + 128        u32[32]  nodes
 * </pre>
 *
 * @param codeDimension D, a multiple of 16
 * @param entryBlocks blocks of the entry table
 */
record GraphLayout(int codeDimension, int nodeCount, int entryBlocks) {
    static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    static final int HEADER_BYTES = 4096;
    static final int DEGREE = CodeKernels.BLOCK;
    static final int NONE = -1;

    static final int LOWER_AT = 0;
    static final int SCALE_AT = 4;
    static final int NORM_AT = 8;
    static final int ROW_AT = 12;
    static final int BYTES_AT = 16;

    private static final int LINE = 64;

    /** 64-byte lines of a block of codes. */
    int lines() {
        return codeDimension / CodeKernels.DIMENSIONS_A_LINE;
    }

    int codesAt() {
        return (BYTES_AT + codeDimension + LINE - 1) / LINE * LINE;
    }

    int factorsAt() {
        return codesAt() + LINE * lines();
    }

    int idsAt() {
        return factorsAt() + DEGREE * Integer.BYTES;
    }

    int strideBytes() {
        return idsAt() + DEGREE * Integer.BYTES;
    }

    long row(int node) {
        return meanAt() + meanBytes() + (long) node * strideBytes();
    }

    /** The mean of all embeddings before rotation, D floats. */
    long meanAt() {
        return HEADER_BYTES;
    }

    private long meanBytes() {
        return (long) codeDimension * Float.BYTES;
    }

    long entry(int block) {
        return row(nodeCount) + (long) block * entryBytes();
    }

    int entryFactorsAt() {
        return LINE * lines();
    }

    int entryIdsAt() {
        return entryFactorsAt() + DEGREE * Integer.BYTES;
    }

    private int entryBytes() {
        return entryIdsAt() + DEGREE * Integer.BYTES;
    }

    long sizeBytes() {
        return entry(entryBlocks);
    }

    /** Decodes the embedding of a node into {@code floats}; returns the sum of its components. */
    float decode(MemorySegment image, int node, float[] floats) {
        long row = row(node);
        float lower = image.get(FLOAT, row + LOWER_AT);
        float scale = image.get(FLOAT, row + SCALE_AT);
        return CodeKernels.best().decode(image, row + BYTES_AT, lower, scale, floats);
    }

    int neighbor(MemorySegment image, int node, int slot) {
        return image.get(INT, row(node) + idsAt() + 4L * slot);
    }

    /** The row of the segment that a node stands for. */
    int segmentRow(MemorySegment image, int node) {
        return image.get(INT, row(node) + ROW_AT);
    }

    int entryNode(MemorySegment image, int block, int slot) {
        return image.get(INT, entry(block) + entryIdsAt() + 4L * slot);
    }
}

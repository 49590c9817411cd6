package io.quiver.executor.index.graph;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Where things lie in a compact image, little-endian. After one page of header come the mean, a row for each node, and
 * the entry nodes. A node has the number of its row in the segment.
 *
 * <pre>
 * header 4096 bytes        see {@link CompactHeader}
 * mean   f32[D]            of all embeddings before rotation
 * row    0         u4[D]   4-bit code of the embedding in code space, low nibble first
 *        D / 2     bf16    lower            a component is lower + scale * nibble
 *        + 2       bf16    scale
 *        + 4       f32     squared length of what the code stands for
 *        + 8       u24[R]  neighbours, diverse ones first; NONE where there are fewer. u32 from 2^24 nodes on
 * entry  u32[E]            nodes that searches begin with
 * tail   64 bytes          which kernels may read behind a row
 * </pre>
 *
 * @param codeDimension D, a multiple of 16
 * @param degree R
 * @param entryCount E
 */
record CompactLayout(int codeDimension, int nodeCount, int degree, int entryCount) {
    static final int HEADER_BYTES = 4096;
    static final int TAIL_BYTES = 64;

    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int FACTOR_BYTES = 8;
    private static final int DEGREE_MIN = 15;

    /** From so many nodes on, a number of a node takes four bytes. */
    private static final int NODES_OF_THREE_BYTES = 1 << 24;

    /**
     * The layout whose rows, the header included, take at most a quarter of the bytes of raw embeddings: neighbours are
     * as many as that allows. Embeddings of few dimensions get some even so.
     */
    static CompactLayout of(int dimension, int codeDimension, int nodeCount, int entryCount) {
        CompactLayout bare = new CompactLayout(codeDimension, nodeCount, 0, entryCount);
        int rawBytes = dimension * Float.BYTES;
        int degree = (rawBytes / 4 - 1 - bare.strideBytes()) / bare.idBytes();
        return new CompactLayout(
                codeDimension, nodeCount, Math.clamp(degree, DEGREE_MIN, GraphLayout.DEGREE), entryCount);
    }

    int idBytes() {
        return nodeCount < NODES_OF_THREE_BYTES ? 3 : 4;
    }

    /** What of an int, read where an id begins, is the id. */
    int idMask() {
        return nodeCount < NODES_OF_THREE_BYTES ? NODES_OF_THREE_BYTES - 1 : -1;
    }

    int factorsAt() {
        return codeDimension / 2;
    }

    int idsAt() {
        return factorsAt() + FACTOR_BYTES;
    }

    int strideBytes() {
        return idsAt() + degree * idBytes();
    }

    long meanAt() {
        return HEADER_BYTES;
    }

    long row(int node) {
        return meanAt() + (long) codeDimension * Float.BYTES + (long) node * strideBytes();
    }

    long entry(int i) {
        return row(nodeCount) + (long) i * Integer.BYTES;
    }

    long sizeBytes() {
        return entry(entryCount) + TAIL_BYTES;
    }

    float lower(MemorySegment image, long row) {
        return half(image, row + factorsAt());
    }

    float scale(MemorySegment image, long row) {
        return half(image, row + factorsAt() + 2);
    }

    float square(MemorySegment image, long row) {
        return image.get(GraphLayout.FLOAT, row + factorsAt() + 4);
    }

    void writeFactors(MemorySegment image, long row, float lower, float scale, float square) {
        image.set(SHORT, row + factorsAt(), (short) (Float.floatToRawIntBits(lower) >>> 16));
        image.set(SHORT, row + factorsAt() + 2, (short) (Float.floatToRawIntBits(scale) >>> 16));
        image.set(GraphLayout.FLOAT, row + factorsAt() + 4, square);
    }

    /** Neighbour {@code i} of a node, {@link GraphLayout#NONE} where it has fewer. */
    int neighbor(MemorySegment image, int node, int i) {
        int id = image.get(GraphLayout.INT, row(node) + idsAt() + (long) i * idBytes()) & idMask();
        return id == idMask() ? GraphLayout.NONE : id;
    }

    void writeNeighbor(MemorySegment image, int node, int i, int neighbor) {
        long at = row(node) + idsAt() + (long) i * idBytes();
        for (int shift = 0; shift < Byte.SIZE * idBytes(); shift += Byte.SIZE) {
            image.set(ValueLayout.JAVA_BYTE, at++, (byte) (neighbor >>> shift));
        }
    }

    private static float half(MemorySegment image, long at) {
        return Float.intBitsToFloat(image.get(SHORT, at) << 16);
    }
}

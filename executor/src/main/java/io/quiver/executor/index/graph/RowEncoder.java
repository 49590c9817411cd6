package io.quiver.executor.index.graph;

import io.quiver.executor.index.code.CodeKernels;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Writes rows: the embedding as bytes, and for each neighbour the 1-bit code of its residual with the two factors that
 * turn the code into an estimate of distance.
 *
 * <p>With {@code r = o - c} the residual of neighbour {@code o} against the row's own {@code c}, {@code s} its signs
 * and {@code q} the query, all rotated: {@code |q - o|^2 = |q - c|^2 + |r|^2 - 2 <r, q - c>}, and RaBitQ's unbiased
 * estimate of the last product is {@code |r|^2 / |r|_1 * <s, q - c>}. So the estimate is
 * {@code |q - c|^2 + A + B <s, q>} with {@code B = -2 |r|^2 / |r|_1} and {@code A = |r|^2 - B <s, c>}. Formula: Gao and
 * Long, "RaBitQ: quantizing high-dimensional vectors with a theoretical error bound" (2024); relative to the parent as
 * in Gou et al., "SymphonyQG" (arXiv 2411.12229).
 *
 * <p>Scratch of one thread.
 */
final class RowEncoder {
    private static final CodeKernels KERNELS = CodeKernels.best();
    private static final int LEVELS = 255;

    private final MemorySegment image;
    private final GraphLayout layout;
    private final @Nullable MemorySegment aside;
    private final float[] center;
    private final short[] bits;
    private final float[] sums = new float[3];
    private int centerNode = GraphLayout.NONE;

    /** Writes into the image. */
    RowEncoder(MemorySegment image, GraphLayout layout) {
        this(image, layout, null);
    }

    /** Writes every row to the same place outside the image, where there is one. */
    RowEncoder(MemorySegment image, GraphLayout layout, @Nullable MemorySegment aside) {
        this.image = image;
        this.layout = layout;
        this.aside = aside;
        this.center = new float[layout.codeDimension()];
        this.bits = new short[layout.lines()];
    }

    /** Writes an embedding, which is in code space, as bytes. */
    void writeBytes(int node, int segmentRow, float[] floats) {
        float least = floats[0];
        float most = floats[0];
        for (float value : floats) {
            least = Math.min(least, value);
            most = Math.max(most, value);
        }
        float scale = most > least ? (most - least) / LEVELS : 1;
        MemorySegment target = aside == null ? image : aside;
        long row = aside == null ? layout.row(node) : 0;
        double square = 0;
        for (int i = 0; i < floats.length; i++) {
            int level = (int) ((floats[i] - least) / scale + 0.5f);
            target.set(ValueLayout.JAVA_BYTE, row + GraphLayout.BYTES_AT + i, (byte) level);
            double value = least + (double) scale * level;
            square += value * value;
        }
        target.set(GraphLayout.FLOAT, row + GraphLayout.LOWER_AT, least);
        target.set(GraphLayout.FLOAT, row + GraphLayout.SCALE_AT, scale);
        target.set(GraphLayout.FLOAT, row + GraphLayout.NORM_AT, (float) square);
        target.set(GraphLayout.INT, row + GraphLayout.ROW_AT, segmentRow);
    }

    /** Writes neighbour {@code neighbor} into a slot of a node's row. */
    void writeSlot(int node, int slot, int neighbor) {
        if (centerNode != node) {
            layout.decode(image, node, center);
            centerNode = node;
        }
        MemorySegment target = aside == null ? image : aside;
        long row = aside == null ? layout.row(node) : 0;
        target.set(GraphLayout.INT, row + layout.idsAt() + 4L * slot, neighbor);
        encode(neighbor, target, row + layout.codesAt(), row + layout.factorsAt(), slot);
    }

    /** Writes a node into a slot of a block of the entry table, whose center is the origin. */
    void writeEntry(int block, int slot, int node) {
        if (centerNode != GraphLayout.NONE) {
            Arrays.fill(center, 0);
            centerNode = GraphLayout.NONE;
        }
        long entry = layout.entry(block);
        image.set(GraphLayout.INT, entry + layout.entryIdsAt() + 4L * slot, node);
        encode(node, image, entry, entry + layout.entryFactorsAt(), slot);
    }

    private void encode(int neighbor, MemorySegment target, long codes, long factors, int slot) {
        long row = layout.row(neighbor);
        KERNELS.residual(
                image,
                row + GraphLayout.BYTES_AT,
                image.get(GraphLayout.FLOAT, row + GraphLayout.LOWER_AT),
                image.get(GraphLayout.FLOAT, row + GraphLayout.SCALE_AT),
                center,
                bits,
                sums);
        float absolute = sums[0];
        float square = sums[1];
        float b = absolute == 0 ? 0 : round(-2 * square / absolute);
        float a = square - b * sums[2];
        target.set(GraphLayout.INT, factors + 4L * slot, upperHalf(a) << 16 | upperHalf(b));
        writeBits(target, codes, slot);
    }

    private void writeBits(MemorySegment target, long codes, int slot) {
        int shift = CodeKernels.isHighNibble(slot) ? 4 : 0;
        int mask = 0xF0 >>> shift;
        long at = codes + CodeKernels.byteOfSlot(slot);
        for (short component : bits) {
            for (int nibble = 0; nibble < 16; nibble += 4) {
                int other = target.get(ValueLayout.JAVA_BYTE, at) & mask;
                target.set(ValueLayout.JAVA_BYTE, at, (byte) (other | (component >> nibble & 0x0F) << shift));
                at += 16;
            }
        }
    }

    private static float round(float value) {
        return Float.intBitsToFloat(upperHalf(value) << 16);
    }

    /** The upper half of a float, rounded to the nearest. */
    static int upperHalf(float value) {
        return Float.floatToRawIntBits(value) + 0x8000 >>> 16;
    }
}

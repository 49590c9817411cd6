package io.quiver.executor.index.graph;

import io.quiver.executor.index.EmbeddingRows;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.BitSet;

/**
 * Whether an image says of its rows what the rows say themselves: every row is written again beside the image and
 * compared.
 *
 * <p>Other kernels than those of the machine that built it round a little differently: a byte may be off by one level,
 * few bits of a code may be turned, a factor may differ in its last bits.
 */
final class GraphCheck {
    private static final int LEVELS_OFF_MAX = 1;
    /** One bit of so many may be turned. */
    private static final int BITS_A_TURNED_ONE = 50;

    private static final double FACTOR_OFF_MAX = 0.05;

    private final MemorySegment image;
    private final GraphLayout layout;
    private final CodeSpace space;
    private final EmbeddingRows rows;

    GraphCheck(MemorySegment image, GraphLayout layout, CodeSpace space, EmbeddingRows rows) {
        this.image = image;
        this.layout = layout;
        this.space = space;
        this.rows = rows;
    }

    void check() {
        checkEntries();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment aside = arena.allocate(layout.strideBytes(), 64);
            RowEncoder encoder = new RowEncoder(image, layout, aside);
            float[] floats = new float[layout.codeDimension()];
            BitSet seen = new BitSet(layout.nodeCount());
            for (int node = 0; node < layout.nodeCount(); node++) {
                int row = image.get(GraphLayout.INT, layout.row(node) + GraphLayout.ROW_AT);
                expect(row >= 0 && row < layout.nodeCount() && !seen.get(row), node, "its row is not its own");
                seen.set(row);
                space.project(rows, row, floats);
                encoder.writeBytes(node, row, floats);
                compareBytes(node, aside);
                writeSlots(encoder, node, aside);
                compareCodes(node, aside);
            }
        }
    }

    private void checkEntries() {
        for (int block = 0; block < layout.entryBlocks(); block++) {
            for (int slot = 0; slot < GraphLayout.DEGREE; slot++) {
                int node = image.get(GraphLayout.INT, layout.entry(block) + layout.entryIdsAt() + 4L * slot);
                expect(node >= 0 && node < layout.nodeCount(), node, "the entry table names it, but there is none");
            }
        }
    }

    private void compareBytes(int node, MemorySegment aside) {
        for (long i = GraphLayout.BYTES_AT; i < GraphLayout.BYTES_AT + layout.codeDimension(); i++) {
            int written = image.get(ValueLayout.JAVA_BYTE, layout.row(node) + i) & 0xFF;
            int expected = aside.get(ValueLayout.JAVA_BYTE, i) & 0xFF;
            expect(Math.abs(written - expected) <= LEVELS_OFF_MAX, node, "its bytes are not those of its embedding");
        }
    }

    /** Writes the codes of the neighbours that the image names; a slot without one stays as it is there. */
    private void writeSlots(RowEncoder encoder, int node, MemorySegment aside) {
        MemorySegment.copy(image, layout.row(node), aside, 0, layout.strideBytes());
        for (int slot = 0; slot < GraphLayout.DEGREE; slot++) {
            int neighbor = layout.neighbor(image, node, slot);
            expect(
                    neighbor >= GraphLayout.NONE && neighbor < layout.nodeCount() && neighbor != node,
                    node,
                    "neighbour " + neighbor + " cannot be one");
            if (neighbor != GraphLayout.NONE) {
                encoder.writeSlot(node, slot, neighbor);
            }
        }
    }

    private void compareCodes(int node, MemorySegment aside) {
        int turned = 0;
        for (long i = layout.codesAt(); i < layout.factorsAt(); i++) {
            int written = image.get(ValueLayout.JAVA_BYTE, layout.row(node) + i);
            turned += Integer.bitCount((written ^ aside.get(ValueLayout.JAVA_BYTE, i)) & 0xFF);
        }
        int bits = GraphLayout.DEGREE * layout.codeDimension();
        expect(turned <= bits / BITS_A_TURNED_ONE, node, "its codes are not those of its neighbours");
        for (long i = layout.factorsAt(); i < layout.idsAt(); i += Integer.BYTES) {
            int written = image.get(GraphLayout.INT, layout.row(node) + i);
            int expected = aside.get(GraphLayout.INT, i);
            expect(
                    isNear(written & 0xFFFF0000, expected & 0xFFFF0000) && isNear(written << 16, expected << 16),
                    node,
                    "its factors are not those of its neighbours");
        }
    }

    private static boolean isNear(int writtenBits, int expectedBits) {
        float written = Float.intBitsToFloat(writtenBits);
        float expected = Float.intBitsToFloat(expectedBits);
        return writtenBits == expectedBits
                || Math.abs(written - expected) <= FACTOR_OFF_MAX * Math.max(Math.abs(written), Math.abs(expected));
    }

    private static void expect(boolean isTrue, int node, String otherwise) {
        if (!isTrue) {
            throw new IllegalArgumentException("node %d: %s".formatted(node, otherwise));
        }
    }
}

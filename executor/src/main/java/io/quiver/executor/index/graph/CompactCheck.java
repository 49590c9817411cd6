package io.quiver.executor.index.graph;

import io.quiver.executor.index.EmbeddingRows;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Whether a compact image says of the rows what they say themselves: every code is written again beside the image and
 * compared, within the bounds that the image gives. Other kernels than those of the machine that built it round a
 * little differently, so a nibble may be off by one.
 */
final class CompactCheck {
    private static final double SQUARE_OFF_MAX = 0.01;

    private final MemorySegment image;
    private final CompactLayout layout;
    private final CodeSpace space;
    private final EmbeddingRows rows;

    CompactCheck(MemorySegment image, CompactLayout layout, CodeSpace space, EmbeddingRows rows) {
        this.image = image;
        this.layout = layout;
        this.space = space;
        this.rows = rows;
    }

    void check() {
        for (int i = 0; i < layout.entryCount(); i++) {
            int node = image.get(GraphLayout.INT, layout.entry(i));
            expect(isNode(node), node, "it is named as an entry, but there is none");
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment aside = arena.allocate(layout.strideBytes());
            CompactCode code = new CompactCode(layout);
            float[] floats = new float[layout.codeDimension()];
            for (int node = 0; node < layout.nodeCount(); node++) {
                space.project(rows, node, floats);
                long row = layout.row(node);
                code.write(aside, 0, floats, layout.lower(image, row), layout.scale(image, row));
                compare(node, aside);
                checkLinks(node);
            }
        }
    }

    private void compare(int node, MemorySegment aside) {
        float written = layout.square(image, layout.row(node));
        float expected = layout.square(aside, 0);
        expect(Math.abs(written - expected) <= SQUARE_OFF_MAX * expected, node, "its length is not that of its row");
        for (int i = 0; i < layout.factorsAt(); i++) {
            int pair = image.get(ValueLayout.JAVA_BYTE, layout.row(node) + i) & 0xFF;
            int expectedPair = aside.get(ValueLayout.JAVA_BYTE, i) & 0xFF;
            boolean isNear = Math.abs((pair & 0x0F) - (expectedPair & 0x0F)) <= 1
                    && Math.abs((pair >> 4) - (expectedPair >> 4)) <= 1;
            expect(isNear, node, "its code is not that of its row");
        }
    }

    private void checkLinks(int node) {
        for (int i = 0; i < layout.degree(); i++) {
            int neighbor = layout.neighbor(image, node, i);
            boolean isLink = neighbor == GraphLayout.NONE || isNode(neighbor) && neighbor != node;
            expect(isLink, node, "neighbour " + neighbor + " cannot be one");
        }
    }

    private boolean isNode(int node) {
        return node >= 0 && node < layout.nodeCount();
    }

    private static void expect(boolean isTrue, int node, String otherwise) {
        if (!isTrue) {
            throw new IllegalArgumentException("node %d: %s".formatted(node, otherwise));
        }
    }
}

package io.quiver.executor.index.graph;

import io.quiver.executor.index.EmbeddingRows;
import java.lang.foreign.MemorySegment;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The graph that a join begins with: which of its nodes stay, and what their numbers are from then on. Those that stay
 * keep their order. A node that has lost more than half of its neighbours does not stay: what is left of them says too
 * little about where it lies, so it is inserted as a new one.
 */
final class JoinBase {
    /** Fewer nodes are no beginning. */
    private static final int NODES_MIN = 256;
    /** With more dead than this there is more to repair than to keep. */
    private static final double DEAD_SHARE_MAX = 0.3;
    /** With less of the new segment than this, a join costs about as much as a build. */
    private static final double SHARE_MIN = 0.2;
    /**
     * The mean may move so far, as a share of the mean squared distance from it. Bytes, tables and entries spread
     * around the base's mean: they become coarser by half of this at most.
     */
    private static final double DRIFT_MAX = 0.25;

    private static final int LOST_NEIGHBORS_MAX = GraphLayout.DEGREE / 2;

    private final MemorySegment image;
    private final GraphLayout layout;
    private final CodeSpace space;
    private final int[] newRows;
    private final int[] newNodes;
    private int count;

    private JoinBase(OlderGraph older) {
        this.image = older.graph().image();
        this.layout = older.graph().layout();
        this.space = older.graph().space();
        this.newRows = older.newRows();
        this.newNodes = new int[layout.nodeCount()];
        number(staying());
    }

    /** The largest graph, if it is good enough to begin with; empty where building from nothing is better. */
    static Optional<JoinBase> choose(List<OlderGraph> older, EmbeddingRows rows, int rowCount) {
        return older.stream()
                .max(Comparator.comparingInt(OlderGraph::liveCount))
                .filter(largest -> isLargeEnough(largest, rowCount))
                .filter(largest -> largest.graph().space().fits(rows, rowCount, DRIFT_MAX))
                .map(JoinBase::new)
                .filter(base -> base.count >= NODES_MIN);
    }

    private static boolean isLargeEnough(OlderGraph older, int rowCount) {
        int live = older.liveCount();
        return live >= NODES_MIN
                && live >= (1 - DEAD_SHARE_MAX) * older.newRows().length
                && live >= SHARE_MIN * rowCount;
    }

    /** Takes nodes away until each that is left has enough of its neighbours. */
    private BitSet staying() {
        BitSet staying = new BitSet(layout.nodeCount());
        for (int node = 0; node < layout.nodeCount(); node++) {
            staying.set(node, newRows[segmentRow(node)] >= 0);
        }
        int before;
        do {
            before = staying.cardinality();
            for (int node = staying.nextSetBit(0); node >= 0; node = staying.nextSetBit(node + 1)) {
                staying.set(node, lostNeighbors(node, staying) <= LOST_NEIGHBORS_MAX);
            }
        } while (staying.cardinality() < before);
        return staying;
    }

    private int lostNeighbors(int node, BitSet staying) {
        int lost = 0;
        for (int slot = 0; slot < GraphLayout.DEGREE; slot++) {
            int neighbor = neighbor(node, slot);
            lost += neighbor != GraphLayout.NONE && !staying.get(neighbor) ? 1 : 0;
        }
        return lost;
    }

    private void number(BitSet staying) {
        for (int node = 0; node < newNodes.length; node++) {
            newNodes[node] = staying.get(node) ? count++ : GraphLayout.NONE;
        }
    }

    CodeSpace space() {
        return space;
    }

    MemorySegment image() {
        return image;
    }

    GraphLayout layout() {
        return layout;
    }

    /** Nodes that stay: 0 to {@code count() - 1} of the new graph. */
    int count() {
        return count;
    }

    /** Nodes that there were. */
    int oldCount() {
        return newNodes.length;
    }

    /** The new number of an old node, {@link GraphLayout#NONE} where it does not stay. */
    int newNode(int oldNode) {
        return newNodes[oldNode];
    }

    /** The row of the new segment that an old node stands for, negative where there is none. */
    int newRow(int oldNode) {
        return newRows[segmentRow(oldNode)];
    }

    int neighbor(int oldNode, int slot) {
        return layout.neighbor(image, oldNode, slot);
    }

    private int segmentRow(int oldNode) {
        return layout.segmentRow(image, oldNode);
    }
}

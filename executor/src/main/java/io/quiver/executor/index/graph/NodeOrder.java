package io.quiver.executor.index.graph;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Numbers the nodes of a finished graph anew, in the order of a depth-first walk that takes each node's neighbours slot
 * by slot: the rows that a search reads one after the other then mostly lie near each other, so that addresses and the
 * pages behind them are found faster. Rows are moved in place. The same graph gives the same order on any number of
 * threads.
 */
final class NodeOrder {
    private final MemorySegment image;
    private final GraphLayout layout;
    private final BuildWorkers workers;
    private final int[] newNodes;

    NodeOrder(MemorySegment image, GraphLayout layout, BuildWorkers workers) {
        this.image = image;
        this.layout = layout;
        this.workers = workers;
        this.newNodes = new int[layout.nodeCount()];
    }

    void apply() {
        number();
        NodeShares.forEach(workers, 0, layout.nodeCount(), (_, node) -> renumber(layout.row(node) + layout.idsAt()));
        for (int block = 0; block < layout.entryBlocks(); block++) {
            renumber(layout.entry(block) + layout.entryIdsAt());
        }
        moveRows();
    }

    private void number() {
        Arrays.fill(newNodes, GraphLayout.NONE);
        int[] path = new int[layout.nodeCount()];
        byte[] nextSlots = new byte[layout.nodeCount()];
        int count = 0;
        for (int start = 0; start < newNodes.length; start++) {
            if (newNodes[start] == GraphLayout.NONE) {
                count = walk(start, count, path, nextSlots);
            }
        }
    }

    /** Numbers what can be reached, from {@code count} on; returns what comes after. */
    private int walk(int start, int count, int[] path, byte[] nextSlots) {
        int next = count;
        int depth = 0;
        path[0] = start;
        newNodes[start] = next++;
        while (depth >= 0) {
            int unseen = nextUnseen(path[depth], nextSlots);
            if (unseen == GraphLayout.NONE) {
                depth--;
            } else {
                newNodes[unseen] = next++;
                path[++depth] = unseen;
            }
        }
        return next;
    }

    private int nextUnseen(int node, byte[] nextSlots) {
        while (nextSlots[node] < GraphLayout.DEGREE) {
            int neighbor = layout.neighbor(image, node, nextSlots[node]++);
            if (neighbor != GraphLayout.NONE && newNodes[neighbor] == GraphLayout.NONE) {
                return neighbor;
            }
        }
        return GraphLayout.NONE;
    }

    private void renumber(long ids) {
        for (int slot = 0; slot < GraphLayout.DEGREE; slot++) {
            int node = image.get(GraphLayout.INT, ids + 4L * slot);
            if (node != GraphLayout.NONE) {
                image.set(GraphLayout.INT, ids + 4L * slot, newNodes[node]);
            }
        }
    }

    /** Cycle by cycle: a row waits beside while what is to lie in each place moves there. Uses the numbers up. */
    private void moveRows() {
        int[] oldNodes = inverse();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment aside = arena.allocate(layout.strideBytes());
            for (int node = 0; node < oldNodes.length; node++) {
                if (oldNodes[node] != node) {
                    moveCycle(node, oldNodes, aside);
                }
            }
        }
    }

    private int[] inverse() {
        int[] oldNodes = new int[newNodes.length];
        for (int node = 0; node < newNodes.length; node++) {
            oldNodes[newNodes[node]] = node;
        }
        return oldNodes;
    }

    private void moveCycle(int first, int[] oldNodes, MemorySegment aside) {
        aside.copyFrom(row(first));
        int to = first;
        for (int from = oldNodes[to]; from != first; from = oldNodes[to]) {
            row(to).copyFrom(row(from));
            oldNodes[to] = to;
            to = from;
        }
        row(to).copyFrom(aside);
        oldNodes[to] = to;
    }

    private MemorySegment row(int node) {
        return image.asSlice(layout.row(node), layout.strideBytes());
    }
}

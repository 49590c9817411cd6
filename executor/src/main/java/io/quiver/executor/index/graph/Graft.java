package io.quiver.executor.index.graph;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.stream.Stream;

/**
 * Brings the nodes of an older graph into a new image: their bytes, codes and factors as they are, for the code space
 * is the same, their links with new numbers; then repairs the rows that lost neighbours. Gives the same bytes on any
 * number of threads.
 */
final class Graft {
    /** Repairs between two reports of progress, as a share of all. */
    private static final int REPORTS = 50;

    private final JoinBase base;
    private final MemorySegment image;
    private final GraphLayout layout;
    private final BuildWorkers workers;
    private final BuildProgress progress;
    private final RowRepair[] repairs;

    Graft(
            JoinBase base,
            MemorySegment image,
            GraphLayout layout,
            BuildState state,
            BuildWorkers workers,
            BuildProgress progress) {
        this.base = base;
        this.image = image;
        this.layout = layout;
        this.workers = workers;
        this.progress = progress;
        this.repairs = new RowRepair[workers.count()];
        Arrays.setAll(repairs, _ -> new RowRepair(image, layout, state));
    }

    /**
     * Writes nodes 0 to {@code base.count() - 1}.
     *
     * @param rows for each node the row of the segment
     * @return the edges that repairs have made: target above, node below; sorted
     */
    long[] run(int[] rows) {
        progress.inserted(0, layout.nodeCount());
        NodeShares.forEach(workers, 0, base.oldCount(), (_, oldNode) -> copy(oldNode, rows));
        int step = Math.max(NodeShares.NODES, base.oldCount() / REPORTS);
        for (int from = 0; from < base.oldCount(); from += step) {
            int to = Math.min(base.oldCount(), from + step);
            NodeShares.forEach(workers, from, to, this::repair);
            progress.inserted((long) base.count() * to / base.oldCount(), layout.nodeCount());
        }
        return newEdges();
    }

    private void copy(int oldNode, int[] rows) {
        int node = base.newNode(oldNode);
        if (node == GraphLayout.NONE) {
            return;
        }
        long row = layout.row(node);
        MemorySegment.copy(base.image(), base.layout().row(oldNode), image, row, layout.strideBytes());
        image.set(GraphLayout.INT, row + GraphLayout.ROW_AT, rows[node]);
        for (int slot = 0; slot < GraphLayout.DEGREE; slot++) {
            int neighbor = base.neighbor(oldNode, slot);
            int renumbered = neighbor == GraphLayout.NONE ? GraphLayout.NONE : base.newNode(neighbor);
            image.set(GraphLayout.INT, row + layout.idsAt() + 4L * slot, renumbered);
        }
    }

    private void repair(int worker, int oldNode) {
        if (base.newNode(oldNode) != GraphLayout.NONE) {
            repairs[worker].repair(base, oldNode);
        }
    }

    private long[] newEdges() {
        return Stream.of(repairs)
                .map(RowRepair::newEdges)
                .flatMapToLong(Arrays::stream)
                .sorted()
                .toArray();
    }
}

package io.quiver.executor.index.graph;

import io.quiver.executor.index.EmbeddingRows;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One build. Nodes are inserted in a random order, in batches that grow with what is there: all nodes of a batch search
 * the graph as it was before the batch and choose their neighbours, side by side; then the edges back are sorted by
 * target and offered to each target in that order. So the graph does not depend on the threads (prefix doubling as in
 * ParlayANN).
 */
final class GraphBuild {
    private static final int FIRST_BATCH = 64;
    /** Share of the nodes inserted so far, and of all nodes, that one batch may have. */
    private static final int BATCH_DIVISOR = 8;

    private static final int BATCH_DIVISOR_OF_ALL = 50;

    private final EmbeddingRows rows;
    private final BuildWorkers workers;
    private final BuildProgress progress;
    private final CodeSpace space;
    private final GraphLayout layout;
    private final MemorySegment image;
    private final int[] order;
    private final Inserter[] inserters;
    private final BuildState state;

    /** @param order which row each node stands for */
    GraphBuild(
            EmbeddingRows rows,
            int[] order,
            CodeSpace space,
            GraphParameters parameters,
            BuildWorkers workers,
            BuildProgress progress,
            SegmentAllocator allocator) {
        this.rows = rows;
        this.workers = workers;
        this.progress = progress;
        this.space = space;
        int entryBlocks = EntryTable.blocks(order.length);
        this.layout = new GraphLayout(space.codeDimension(), order.length, entryBlocks);
        this.image = allocator.allocate(layout.sizeBytes(), 64);
        this.order = order;
        this.state = new BuildState(order.length);
        this.inserters = new Inserter[workers.count()];
        for (int i = 0; i < inserters.length; i++) {
            inserters[i] = new Inserter(image, layout, state, parameters.efConstruction());
        }
    }

    /** Builds from nothing. */
    MemorySegment run() {
        try (state) {
            writeHeader();
            encodeFrom(0);
            entries().writeFirst();
            insertFrom(insertFirst());
            return finished();
        }
    }

    /** Goes on from an older graph, whose code space this one has. */
    MemorySegment run(JoinBase base) {
        try (state) {
            writeHeader();
            offerAll(new Graft(base, image, layout, state, workers, progress).run(order));
            encodeFrom(base.count());
            entries().writeEvenly(base.count());
            insertFrom(base.count());
            entries().writeEvenly(layout.nodeCount());
            return finished();
        }
    }

    private MemorySegment finished() {
        new Reachability(image, layout, state, inserters[0].encoder()).run();
        new NodeOrder(image, layout, workers).apply();
        return image;
    }

    private void writeHeader() {
        MemorySegment.copy(space.mean(), 0, image, GraphLayout.FLOAT, layout.meanAt(), space.mean().length);
        GraphHeader.write(image, layout, space, rows.dimension());
    }

    private void encodeFrom(int first) {
        NodeShares.forEach(
                workers,
                first,
                layout.nodeCount(),
                (worker, node) -> inserters[worker].encode(space, rows, node, order[node]));
    }

    private EntryTable entries() {
        return new EntryTable(image, layout, inserters[0].encoder());
    }

    /** The first few look at each other one by one. */
    private int insertFirst() {
        int first = Math.min(FIRST_BATCH, layout.nodeCount());
        NodeShares.forEach(workers, 0, first, (worker, node) -> inserters[worker].insertAmong(node, first));
        return first;
    }

    private void insertFrom(int first) {
        int done = first;
        while (done < layout.nodeCount()) {
            int limit = Math.max(FIRST_BATCH, layout.nodeCount() / BATCH_DIVISOR_OF_ALL);
            int count = Math.min(Math.min(Math.max(16, done / BATCH_DIVISOR), limit), layout.nodeCount() - done);
            insertBatch(done, done + count);
            done += count;
            progress.inserted(done, layout.nodeCount());
        }
    }

    private void insertBatch(int from, int to) {
        int entryBlocks = EntryTable.blocksWithin(layout, from);
        AtomicInteger next = new AtomicInteger(from);
        workers.run(worker -> {
            for (int at = next.getAndAdd(NodeShares.NODES); at < to; at = next.getAndAdd(NodeShares.NODES)) {
                inserters[worker].insert(at, Math.min(at + NodeShares.NODES, to), entryBlocks);
            }
        });
        linkBack(from, to);
    }

    private void linkBack(int from, int to) {
        long[] edges = reverseEdges(from, to);
        share(edges, (inserter, begin, end) -> inserter.linkBack(edges, begin, end, from));
    }

    private void offerAll(long[] edges) {
        share(edges, (inserter, begin, end) -> inserter.offer(edges, begin, end));
    }

    /** Divides edges, sorted by target, among the workers. */
    private void share(long[] edges, EdgeWork work) {
        int shares = workers.count() == 1 ? 1 : 8 * workers.count();
        AtomicInteger next = new AtomicInteger();
        workers.run(worker -> {
            for (int share = next.getAndIncrement(); share < shares; share = next.getAndIncrement()) {
                work.run(inserters[worker], start(edges, share, shares), start(edges, share + 1, shares));
            }
        });
    }

    @FunctionalInterface
    private interface EdgeWork {
        void run(Inserter inserter, int from, int to);
    }

    /** Edges back from the targets of a batch: target, place of the node in its batch, slot; sorted. */
    private long[] reverseEdges(int from, int to) {
        long[] edges = new long[(to - from) * GraphLayout.DEGREE];
        int count = 0;
        for (int node = from; node < to; node++) {
            for (int bits = state.strict(node); bits != 0; bits &= bits - 1) {
                int slot = Integer.numberOfTrailingZeros(bits);
                edges[count++] = (long) layout.neighbor(image, node, slot) << 32 | (long) (node - from) << 5 | slot;
            }
        }
        edges = Arrays.copyOf(edges, count);
        Arrays.sort(edges);
        return edges;
    }

    /** Where a share of the edges begins: never between two edges of one target. */
    private static int start(long[] edges, int share, int shares) {
        int at = (int) ((long) edges.length * share / shares);
        while (at > 0 && at < edges.length && edges[at] >>> 32 == edges[at - 1] >>> 32) {
            at++;
        }
        return at;
    }
}

package io.quiver.executor.index.graph;

import io.quiver.executor.index.EmbeddingRows;
import io.quiver.executor.index.Metric;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One build. Nodes are inserted in a random order, in batches that grow with what is there: all nodes of a batch search the
 * graph as it was before the batch and choose their neighbours, side by side; then the edges back are sorted by target and
 * offered to each target in that order. So the graph does not depend on the threads (prefix doubling as in ParlayANN).
 */
final class GraphBuild {
    private static final int FIRST_BATCH = 64;
    private static final int ENTRY_NODES_MAX = 2048;
    /** Share of the nodes inserted so far, and of all nodes, that one batch may have. */
    private static final int BATCH_DIVISOR = 8;

    private static final int BATCH_DIVISOR_OF_ALL = 50;
    private static final int SHARE_NODES = 32;

    private final EmbeddingRows rows;
    private final GraphParameters parameters;
    private final BuildWorkers workers;
    private final BuildProgress progress;
    private final CodeSpace space;
    private final GraphLayout layout;
    private final MemorySegment image;
    private final int[] order;
    private final Inserter[] inserters;
    private final BuildState state;

    GraphBuild(
            EmbeddingRows rows,
            int rowCount,
            Metric metric,
            GraphParameters parameters,
            BuildWorkers workers,
            BuildProgress progress,
            SegmentAllocator allocator) {
        this.rows = rows;
        this.parameters = parameters;
        this.workers = workers;
        this.progress = progress;
        this.space = CodeSpace.of(metric, rows, rowCount, parameters.seed());
        int entryBlocks = Math.min(rowCount, ENTRY_NODES_MAX) / GraphLayout.DEGREE;
        this.layout = new GraphLayout(space.codeDimension(), rowCount, entryBlocks);
        this.image = allocator.allocate(layout.sizeBytes(), 64);
        this.order = shuffled(rowCount, parameters.seed());
        this.state = new BuildState(rowCount);
        this.inserters = new Inserter[workers.count()];
        for (int i = 0; i < inserters.length; i++) {
            inserters[i] = new Inserter(image, layout, state, parameters.efConstruction());
        }
    }

    private static int[] shuffled(int count, long seed) {
        int[] order = new int[count];
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < count; i++) {
            int j = random.nextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }

    MemorySegment run() {
        try (state) {
            writeHeader();
            encodeAll();
            insertAll();
            new Reachability(image, layout, state, inserters[0].encoder()).run();
            return image;
        }
    }

    private void writeHeader() {
        MemorySegment.copy(space.mean(), 0, image, GraphLayout.FLOAT, layout.meanAt(), space.mean().length);
        GraphHeader.write(image, layout, space, rows.dimension(), parameters.seed());
    }

    private void encodeAll() {
        forEach(0, layout.nodeCount(), (inserter, node) -> inserter.encode(space, rows, node, order[node]));
        for (int i = 0; i < layout.entryBlocks() * GraphLayout.DEGREE; i++) {
            inserters[0].encoder().writeEntry(i / GraphLayout.DEGREE, i % GraphLayout.DEGREE, i);
        }
    }

    private void insertAll() {
        int first = Math.min(FIRST_BATCH, layout.nodeCount());
        forEach(0, first, (inserter, node) -> inserter.insertAmong(node, first));
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
        int entryBlocks = Math.min(layout.entryBlocks(), from / GraphLayout.DEGREE);
        AtomicInteger next = new AtomicInteger(from);
        workers.run(worker -> {
            for (int at = next.getAndAdd(SHARE_NODES); at < to; at = next.getAndAdd(SHARE_NODES)) {
                inserters[worker].insert(at, Math.min(at + SHARE_NODES, to), entryBlocks);
            }
        });
        linkBack(from, to);
    }

    private void linkBack(int from, int to) {
        long[] edges = reverseEdges(from, to);
        int shares = workers.count() == 1 ? 1 : 8 * workers.count();
        AtomicInteger next = new AtomicInteger();
        workers.run(worker -> {
            for (int share = next.getAndIncrement(); share < shares; share = next.getAndIncrement()) {
                inserters[worker].linkBack(edges, start(edges, share, shares), start(edges, share + 1, shares), from);
            }
        });
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

    private void forEach(int from, int to, NodeWork work) {
        AtomicInteger next = new AtomicInteger(from);
        workers.run(worker -> {
            for (int at = next.getAndAdd(SHARE_NODES); at < to; at = next.getAndAdd(SHARE_NODES)) {
                for (int node = at; node < Math.min(at + SHARE_NODES, to); node++) {
                    work.run(inserters[worker], node);
                }
            }
        });
    }

    @FunctionalInterface
    private interface NodeWork {
        void run(Inserter inserter, int node);
    }
}

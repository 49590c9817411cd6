package io.quiver.executor.index.graph;

import java.util.concurrent.atomic.AtomicInteger;

/** Has the workers of a build go through nodes side by side, a few at a time. */
final class NodeShares {
    /** Nodes that a worker takes at a time. */
    static final int NODES = 32;

    private NodeShares() {}

    /** Every node from {@code from} to {@code to - 1}, by any worker. */
    static void forEach(BuildWorkers workers, int from, int to, Work work) {
        AtomicInteger next = new AtomicInteger(from);
        workers.run(worker -> {
            for (int at = next.getAndAdd(NODES); at < to; at = next.getAndAdd(NODES)) {
                for (int node = at; node < Math.min(at + NODES, to); node++) {
                    work.run(worker, node);
                }
            }
        });
    }

    @FunctionalInterface
    interface Work {
        void run(int worker, int node);
    }
}

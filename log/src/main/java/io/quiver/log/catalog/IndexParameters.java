package io.quiver.log.catalog;

/**
 * Parameters of an index by the names that clients know; the server's own index takes from them what it understands.
 */
public sealed interface IndexParameters {
    Space space();

    /** Beam width of searches. */
    int efSearch();

    /**
     * Of the single-node server's index kind.
     *
     * @param numThreads accepted and kept; this server has its own threads
     * @param batchSize accepted and kept; this server has its own batches
     */
    record Hnsw(
            Space space,
            int efConstruction,
            int efSearch,
            int maxNeighbors,
            int numThreads,
            double resizeFactor,
            int syncThreshold,
            int batchSize)
            implements IndexParameters {
        public static final Hnsw DEFAULT = new Hnsw(Space.L2, 100, 100, 16, 4, 1.2, 1000, 100);

        public Hnsw {
            Ranges.check("ef_construction", efConstruction, 1, Integer.MAX_VALUE);
            Ranges.check("ef_search", efSearch, 1, Integer.MAX_VALUE);
            Ranges.check("max_neighbors", maxNeighbors, 1, Integer.MAX_VALUE);
            Ranges.check("num_threads", numThreads, 1, Integer.MAX_VALUE);
            Ranges.checkPositive("resize_factor", resizeFactor);
            Ranges.check("sync_threshold", syncThreshold, 2, Integer.MAX_VALUE);
            Ranges.check("batch_size", batchSize, 2, Integer.MAX_VALUE);
        }

        public Hnsw withSpace(Space other) {
            return new Hnsw(
                    other, efConstruction, efSearch, maxNeighbors, numThreads, resizeFactor, syncThreshold, batchSize);
        }
    }

    /** Of the distributed server's index kind: read and checked, though this server keeps only its space. */
    record Spann(
            Space space,
            int searchNprobe,
            int writeNprobe,
            int efConstruction,
            int efSearch,
            int maxNeighbors,
            int reassignNeighborCount,
            int splitThreshold,
            int mergeThreshold)
            implements IndexParameters {
        public static final Spann DEFAULT = new Spann(Space.L2, 64, 32, 200, 200, 64, 64, 50, 25);

        public Spann {
            Ranges.check("search_nprobe", searchNprobe, 1, Integer.MAX_VALUE);
            Ranges.check("write_nprobe", writeNprobe, 1, 128);
            Ranges.check("ef_construction", efConstruction, 1, 200);
            Ranges.check("ef_search", efSearch, 1, Integer.MAX_VALUE);
            Ranges.check("max_neighbors", maxNeighbors, 1, 64);
            Ranges.check("reassign_neighbor_count", reassignNeighborCount, 1, Integer.MAX_VALUE);
            Ranges.check("split_threshold", splitThreshold, 25, 200);
            Ranges.check("merge_threshold", mergeThreshold, 12, 100);
        }
    }
}

package io.quiver.log.catalog;

/** Parameters of an index by the names that clients know; the server's own index takes from them what it understands. */
public sealed interface IndexParameters {
    Space space();

    /** Of the single-node server's index kind. */
    record Hnsw(Space space, int efConstruction, int efSearch, int maxNeighbors, double resizeFactor, int syncThreshold)
            implements IndexParameters {
        public static final Hnsw DEFAULT = new Hnsw(Space.L2, 100, 100, 16, 1.2, 1000);
    }
}

package io.quiver.executor.index.graph;

/**
 * How a graph is built.
 *
 * @param efConstruction beam width of the searches that find a node's neighbours
 * @param passes how often each node's neighbours are sought, at least once; a second pass costs as much as the first
 * @param seed of the random rotation; the same rows, parameters and seed give the same image on any number of threads
 */
public record GraphParameters(int efConstruction, int passes, long seed) {
    public static final GraphParameters DEFAULT = new GraphParameters(100, 1, 42);

    public GraphParameters {
        if (efConstruction < 1) {
            throw new IllegalArgumentException("efConstruction must be at least 1, not " + efConstruction);
        }
        if (passes < 1) {
            throw new IllegalArgumentException("passes must be at least 1, not " + passes);
        }
    }
}

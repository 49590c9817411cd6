package io.quiver.executor.index.graph;

/**
 * How a graph is built.
 *
 * @param efConstruction beam width of the searches that find a node's neighbours
 * @param seed of the random rotation; the same rows, parameters and seed give the same image on any number of threads
 */
public record GraphParameters(int efConstruction, long seed) {
    public static final GraphParameters DEFAULT = new GraphParameters(100, 42);

    public GraphParameters {
        if (efConstruction < 1) {
            throw new IllegalArgumentException("efConstruction must be at least 1, not " + efConstruction);
        }
    }
}

package io.quiver.compactor;

/**
 * Which segments get a graph, and how good it has to be.
 *
 * @param rowsMin segments with fewer rows of 128 dimensions are scanned; of longer ones it takes fewer, see {@link
 *     #rowsMin(int)}
 * @param buildThreads threads that build one graph
 * @param recallFloor recall@10 that a graph must reach at the collection's beam width, 0 to 1; a segment whose graph
 *     does not is scanned
 * @param form of new graphs; those that are there stay as they are
 */
public record GraphSettings(int rowsMin, int buildThreads, double recallFloor, Form form) {
    /** What a graph is to be. */
    public enum Form {
        /** Rows where there is memory for them, else compact. */
        AUTO,
        /** Always {@link io.quiver.executor.segment.GraphForm#ROWS}. */
        ROWS,
        /** Always {@link io.quiver.executor.segment.GraphForm#COMPACT}. */
        COMPACT
    }

    /** With fewer rows there is nothing to ask a graph. */
    public static final int ROWS_MIN = 64;

    public static final GraphSettings DEFAULT =
            new GraphSettings(20_000, Math.max(1, Runtime.getRuntime().availableProcessors() / 2), 0.97);

    /** Rows of this many dimensions are scanned in a time that grows with their codes. */
    private static final int USUAL_DIMENSION = 128;

    public GraphSettings(int rowsMin, int buildThreads, double recallFloor) {
        this(rowsMin, buildThreads, recallFloor, Form.AUTO);
    }

    public GraphSettings {
        if (rowsMin < ROWS_MIN) {
            throw new IllegalArgumentException("rowsMin must be at least %d, not %d".formatted(ROWS_MIN, rowsMin));
        }
        if (buildThreads < 1) {
            throw new IllegalArgumentException("buildThreads must be at least 1, not " + buildThreads);
        }
        if (!(recallFloor >= 0 && recallFloor <= 1)) {
            throw new IllegalArgumentException("recallFloor must lie in 0..1, not " + recallFloor);
        }
    }

    /** Segments with fewer rows of so many dimensions are scanned: what a scan takes goes by both. */
    int rowsMin(int dimension) {
        long asManyFloats = (long) rowsMin * USUAL_DIMENSION / Math.max(USUAL_DIMENSION, dimension);
        return (int) Math.max(ROWS_MIN, asManyFloats);
    }
}

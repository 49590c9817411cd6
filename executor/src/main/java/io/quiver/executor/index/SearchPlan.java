package io.quiver.executor.index;

/**
 * How one segment is searched for one query.
 *
 * <p>Choosing is the business of {@code io.quiver.executor.index.plan}; the choice itself is here, where searches
 * report it.
 */
public sealed interface SearchPlan {
    /** What the cost model expects it to take on one thread, in nanoseconds. */
    double costNs();

    /** Compares every row with the query. */
    record Scan(double costNs) implements SearchPlan {}

    /** Compares the rows that the filter accepts, and no others. */
    record ScanMatches(double costNs) implements SearchPlan {}

    /**
     * Compares the bytes that a graph keeps of the rows that the filter accepts, and computes distances of those that
     * may be hits.
     */
    record ByteScan(double costNs) implements SearchPlan {}

    /** Compares the codes of every row, and computes distances of those that may be hits. */
    record CodeScan(double costNs) implements SearchPlan {}

    /**
     * Walks the graph as if there were no filter, and keeps what the filter accepts.
     *
     * @param ef beam width, wide enough for the hits that the filter takes out of it
     */
    record Graph(int ef, double costNs) implements SearchPlan {}

    /**
     * Walks the graph over rows that the filter accepts, with others as bridges.
     *
     * @param ef beam width
     */
    record FilteredGraph(int ef, double costNs) implements SearchPlan {}
}

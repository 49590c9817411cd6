package io.quiver.loadtest.index.engine;

import java.io.IOException;

/** One way to search an index, with the queries of its corpus ready in the form it wants. Belongs to one thread. */
public interface Searcher {
    /** Hits a query asks for. */
    int K = 10;

    String name();

    Family family();

    /** Bytes this way needs beside the vectors in single precision. */
    long sizeBytes();

    /** Whether a wider search finds more; one that finds everything is measured at one width. */
    default boolean hasWidths() {
        return true;
    }

    /** Queries that are asked together. */
    default int batch() {
        return 1;
    }

    /**
     * Answers queries {@code from} to {@code to - 1}: puts the rows found, nearest first, into {@code found}, which has
     * one entry a query of the corpus.
     *
     * @param ef how widely to search, at least {@link #K}
     */
    void search(int from, int to, int ef, int[][] found) throws IOException;
}

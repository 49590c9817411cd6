package io.quiver.loadtest.door;

import io.quiver.loadtest.data.Vectors;
import java.io.Closeable;
import java.io.IOException;

/** One connection to a server. */
public interface Session extends Closeable {
    /** Adds the rows {@code from} to {@code to} (exclusive) as one batch; returns when it is acknowledged. */
    void add(Vectors vectors, int from, int to) throws IOException;

    /** The rows nearest to each of the queries {@code from} to {@code to} (exclusive), nearest first. */
    int[][] search(Vectors queries, int from, int to, int k) throws IOException;

    @Override
    void close() throws IOException;
}

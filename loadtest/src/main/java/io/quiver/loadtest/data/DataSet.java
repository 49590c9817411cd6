package io.quiver.loadtest.data;

import io.quiver.log.catalog.Space;
import java.util.Arrays;

/**
 * What is loaded and what is asked.
 *
 * @param truth row {@code i} holds the rows of {@code base} nearest to query {@code i}, nearest first, found by exact
 *     search
 */
public record DataSet(String name, Space space, Vectors base, Vectors queries, int[][] truth) {
    /** This set with fewer queries, for short runs. */
    public DataSet withQueries(int count) {
        if (count >= queries.count()) {
            return this;
        }
        Vectors fewer = new Vectors(count, queries.dimension());
        for (int i = 0; i < count; i++) {
            queries.get(i).copyTo(fewer.chunk(i), fewer.at(i));
        }
        return new DataSet(name, space, base, fewer, Arrays.copyOf(truth, count));
    }

    /** Some rows of this set, in this order, with the answers that are right among them. */
    public DataSet withRows(int[] rows, int k) {
        Vectors some = new Vectors(rows.length, base.dimension());
        for (int i = 0; i < rows.length; i++) {
            base.get(rows[i]).copyTo(some.chunk(i), some.at(i));
        }
        return new DataSet(name, space, some, queries, ExactSearch.nearest(some, queries, space, k));
    }

    /** The first rows of this set, without answers: what code is warmed with. */
    public DataSet head(int count) {
        Vectors rows = new Vectors(Math.min(count, base.count()), base.dimension());
        for (int i = 0; i < rows.count(); i++) {
            base.get(i).copyTo(rows.chunk(i), rows.at(i));
        }
        return new DataSet(name, space, rows, queries, new int[0][]);
    }

    /** This set with other answers: those of a search among some rows, say. */
    public DataSet withTruth(int[][] other) {
        return new DataSet(name, space, base, queries, other);
    }
}

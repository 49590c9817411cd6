package io.quiver.gateway.admission;

import io.quiver.executor.query.Filter;
import io.quiver.executor.query.Query;
import io.quiver.executor.query.Rank;
import io.quiver.executor.query.SearchEffort;
import java.util.List;

/**
 * How much work some searches are, as far as can be told before it is done, in steps: one float compared with one
 * other.
 *
 * <p>A walk through a graph compares about {@code ef x log2(rows)} embeddings, an exact search all of them. What a step
 * of each takes is not known here: it is measured, see {@link SearchPrices}.
 *
 * @param graphSteps of walks through graphs
 * @param scanSteps of searches that look at every record, and of filters
 */
record SearchSize(double graphSteps, double scanSteps) {
    /** What every request is, however little it looks for: reading it, and the way to the executor and back. */
    static final double STEPS_MIN = 20_000;

    /** Collections with fewer rows than this are scanned: graphs are made of larger ones. */
    static final long GRAPH_ROWS_MIN = 20_000;

    /** Of a search that says nothing about its effort. */
    private static final int EF_USUAL = 100;

    private static final int EF_OF_RECALL_MAX = 2_000;
    private static final double EF_TIMES_MISSES = 4;

    /** Postings of sparse vectors are blocks: few of the rows are looked at for each term. */
    private static final double SPARSE_SHARE = 0.125;

    /** @param rows of the collection that they search */
    static SearchSize of(List<Query> queries, long rows) {
        double graph = 0;
        double scan = STEPS_MIN;
        for (Query query : queries) {
            scan += (double) conditions(query.filter()) * rows;
            switch (query) {
                case Query.Nearest nearest -> {
                    graph += graph(nearest.embedding().dimension(), ef(nearest.effort(), nearest.k()), rows);
                    scan += scan(nearest.embedding().dimension(), nearest.effort(), rows);
                }
                case Query.Search search -> {
                    graph += graph(search.knns(), rows);
                    scan += scan(search.knns(), rows);
                }
                case Query.Scan _, Query.Count _ -> {}
            }
        }
        return new SearchSize(graph, scan);
    }

    private static double graph(List<Rank.Knn> knns, long rows) {
        return knns.stream()
                .mapToDouble(knn -> switch (knn.target()) {
                    case Rank.Target.Dense(var embedding) ->
                        graph(embedding.dimension(), ef(SearchEffort.DEFAULT, knn.limit()), rows);
                    case Rank.Target.Sparse _ -> 0;
                })
                .sum();
    }

    private static double scan(List<Rank.Knn> knns, long rows) {
        return knns.stream()
                .mapToDouble(knn -> switch (knn.target()) {
                    case Rank.Target.Dense(var embedding) -> scan(embedding.dimension(), SearchEffort.DEFAULT, rows);
                    case Rank.Target.Sparse(var _, var vector) -> (double) vector.size() * rows * SPARSE_SHARE;
                })
                .sum();
    }

    private static double graph(int dimension, double ef, long rows) {
        return isGraph(ef, rows) ? dimension * Math.min((double) rows, ef * log2(rows)) : 0;
    }

    private static double scan(int dimension, SearchEffort effort, long rows) {
        return isGraph(ef(effort, 1), rows) ? 0 : (double) dimension * rows;
    }

    private static boolean isGraph(double ef, long rows) {
        return rows >= GRAPH_ROWS_MIN && Double.isFinite(ef);
    }

    /** Infinite for a search that must be exact. */
    private static double ef(SearchEffort effort, int k) {
        return switch (effort) {
            case SearchEffort.Default() -> Math.max(EF_USUAL, k);
            case SearchEffort.Ef(int ef) -> Math.max(ef, k);
            case SearchEffort.TargetRecall(double recall) ->
                recall == 1
                        ? Double.POSITIVE_INFINITY
                        : Math.max(k, Math.min(EF_OF_RECALL_MAX, EF_TIMES_MISSES / (1 - recall)));
        };
    }

    private static double log2(long rows) {
        return Long.SIZE - Long.numberOfLeadingZeros(rows);
    }

    /** Each is a pass over a field of all records, at worst. */
    private static int conditions(Filter filter) {
        return switch (filter) {
            case Filter.All(), Filter.Ids _ -> 0;
            case Filter.Equals _,
                    Filter.In _,
                    Filter.Compares _,
                    Filter.ArrayContains _,
                    Filter.DocumentContains _,
                    Filter.DocumentMatches _ -> 1;
            case Filter.And(var operands) -> conditions(operands);
            case Filter.Or(var operands) -> conditions(operands);
            case Filter.Not(var operand) -> conditions(operand);
        };
    }

    private static int conditions(List<Filter> operands) {
        return operands.stream().mapToInt(SearchSize::conditions).sum();
    }
}

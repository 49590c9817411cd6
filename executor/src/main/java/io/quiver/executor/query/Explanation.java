package io.quiver.executor.query;

import java.util.List;

/**
 * How an answer was found, segment by segment, oldest first.
 *
 * @param queuedNs how long the query waited for a thread that searches
 */
public record Explanation(long queuedNs, List<Part> parts) {
    public Explanation {
        parts = List.copyOf(parts);
    }

    /** The ways to search a segment; {@code io.quiver.executor.index.SearchPlan} describes them. */
    public enum Way {
        SCAN,
        SCAN_MATCHES,
        GRAPH,
        FILTERED_GRAPH,
        CODE_SCAN,
        BYTE_SCAN
    }

    /** A way that a segment might have been searched, and the time on one thread that the cost model expects of it. */
    public record Alternative(Way way, int ef, long costNs) {}

    /**
     * What was planned for one segment, and what came of it.
     *
     * @param segment its name
     * @param rows rows that the view shows of it, those with tombstones included
     * @param matches rows of these that the filter accepts
     * @param estimatedSelectivity share of the rows that the filter was thought to accept, before they were counted
     * @param ef beam width, 0 where there is no beam
     * @param costNs time on one thread that the cost model expected, 0 where there was no choice
     * @param timeNs time on one thread; a share of the whole where queries were searched together
     * @param distances exact distances computed
     * @param estimates rows compared by their codes
     * @param hits rows found, of which the answer has the nearest
     * @param recall estimated
     * @param embeddingBytes bytes of embeddings that exact distances were computed of
     * @param alternatives the ways that the planner weighed, the one it chose among them; none where there was no
     *     choice
     */
    public record Part(
            String segment,
            Way way,
            long rows,
            long matches,
            double estimatedSelectivity,
            int ef,
            long costNs,
            long timeNs,
            long distances,
            long estimates,
            int hits,
            float recall,
            long embeddingBytes,
            List<Alternative> alternatives) {
        public Part {
            alternatives = List.copyOf(alternatives);
        }

        /** Share of the rows that the filter accepts. */
        public double selectivity() {
            return rows == 0 ? 0 : (double) matches / rows;
        }
    }
}

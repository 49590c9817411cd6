package io.quiver.executor.query;

import java.util.List;

/** How an answer was found, segment by segment, oldest first. */
public record Explanation(List<Part> parts) {
    public Explanation {
        parts = List.copyOf(parts);
    }

    /** The ways to search a segment; {@code io.quiver.executor.index.SearchPlan} describes them. */
    public enum Way {
        SCAN,
        SCAN_MATCHES,
        GRAPH,
        FILTERED_GRAPH,
        CODE_SCAN
    }

    /**
     * What was planned for one segment, and what came of it.
     *
     * @param segment its name
     * @param rows rows that the view shows of it, those with tombstones included
     * @param matches rows of these that the filter accepts
     * @param ef beam width, 0 where there is no beam
     * @param costNs time on one thread that the cost model expected, 0 where there was no choice
     * @param timeNs time on one thread; a share of the whole where queries were searched together
     * @param distances exact distances computed
     * @param estimates rows compared by their codes
     * @param hits rows found, of which the answer has the nearest
     * @param recall estimated
     */
    public record Part(
            String segment,
            Way way,
            long rows,
            long matches,
            int ef,
            long costNs,
            long timeNs,
            long distances,
            long estimates,
            int hits,
            float recall) {
        /** Share of the rows that the filter accepts. */
        public double selectivity() {
            return rows == 0 ? 0 : (double) matches / rows;
        }
    }
}

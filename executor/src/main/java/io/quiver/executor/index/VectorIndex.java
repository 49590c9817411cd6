package io.quiver.executor.index;

import java.util.List;

/**
 * Finds the rows of one segment that are nearest to a query. Safe on many threads at once; a {@link RowSearch} belongs
 * to one.
 */
public interface VectorIndex {
    Metric metric();

    int dimension();

    /**
     * Divides the first {@code rowCount} rows into at most {@code parts} ranges that may be searched at the same time;
     * an index that cannot be divided gives one.
     */
    List<RowRange> divide(int rowCount, int parts);

    /** Runs several searches together over one range, which is kinder to memory than one after the other. */
    void search(List<RowSearch> searches, RowRange range);

    /**
     * Every way that this search could go, or could have gone, with what it is expected to cost, for an explanation;
     * none where there is no choice.
     */
    default List<SearchPlan> plans(RowSearch search) {
        return List.of();
    }

    /** Beam width of searches for {@code k} hits that ask for none: with it, the index holds what it promises. */
    default int usualEf(int k) {
        return RowSearch.EF_DEFAULT;
    }

    /** What recall each beam width brings; an index without a beam finds everything. */
    default RecallCurve recallCurve() {
        return RecallCurve.EXACT;
    }
}

package io.quiver.executor;

import io.quiver.executor.index.NearestRows;
import io.quiver.executor.index.RowRange;
import io.quiver.executor.index.RowSearch;
import io.quiver.executor.index.RowSet;
import io.quiver.executor.index.SearchWork;
import io.quiver.executor.segment.Segment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.function.IntToLongFunction;

/** Several neighbouring queries of a batch against one range of rows: one share of a search. Run once, then read. */
final class RangeSearch implements Runnable {
    private final SearchedPart searched;
    private final RowRange range;
    private final List<AskedNearest> asked;
    private final int first;
    private final List<FoundSoFar> found;
    private final List<RowSearch> searches = new ArrayList<>();

    /**
     * @param first which query of the batch is the first of {@code asked}
     * @param found what all shares have found for each query of the batch
     */
    RangeSearch(SearchedPart searched, RowRange range, List<AskedNearest> asked, int first, List<FoundSoFar> found) {
        this.searched = searched;
        this.range = range;
        this.asked = asked;
        this.first = first;
        this.found = found;
    }

    /** Searches for those that want hits and whose time has not run out, all together. */
    @Override
    public void run() {
        prepare();
        List<RowSearch> inTime = new ArrayList<>();
        for (RowSearch search : searches) {
            if (search.hits().k() > 0 && !search.isStopped().getAsBoolean()) {
                inTime.add(search);
            }
        }
        if (!inTime.isEmpty()) {
            search(inTime);
        }
        for (int i = 0; i < searches.size(); i++) {
            searches.get(i).hits().sort();
            found.get(first + i).add(searches.get(i).hits());
        }
    }

    private void prepare() {
        IntPredicate isLive = searched.part().liveness();
        RowSet candidates = searched.candidates();
        for (int i = 0; i < asked.size(); i++) {
            AskedNearest query = asked.get(i);
            searches.add(new RowSearch(
                    query.values(),
                    candidates,
                    isLive,
                    nearest(query.k(), found.get(first + i)),
                    query.clock(),
                    query.ef(searched.index())));
        }
    }

    /** A range of fewer rows than are wanted gives all that it has. */
    private NearestRows nearest(int k, FoundSoFar elsewhere) {
        IntToLongFunction insertion = segment()::insertion;
        return k > range.count()
                ? new NearestRows(range.count(), insertion)
                : new NearestRows(k, insertion, elsewhere.distances());
    }

    private void search(List<RowSearch> inTime) {
        long start = System.nanoTime();
        searched.index().search(inTime, range);
        long eachNs = (System.nanoTime() - start) / inTime.size();
        inTime.forEach(search -> search.work().addTimeNs(eachNs));
    }

    Segment segment() {
        return searched.part().segment();
    }

    SearchedPart searched() {
        return searched;
    }

    /** Whether query {@code i} of the batch was among those searched. */
    boolean covers(int i) {
        return i >= first && i < first + asked.size();
    }

    /** Query {@code i} of the batch. */
    AskedNearest asked(int i) {
        return asked.get(i - first);
    }

    /** The hits of query {@code i} of the batch, nearest first. */
    NearestRows hits(int i) {
        return searches.get(i - first).hits();
    }

    /** The search of query {@code i} of the batch. */
    RowSearch search(int i) {
        return searches.get(i - first);
    }

    /** Adds what its searches did to the counters; gives the time that they took together. */
    long countInto(SearchCounters counters) {
        long timeNs = 0;
        for (RowSearch search : searches) {
            SearchWork work = search.work();
            timeNs += work.timeNs();
            counters.distances.add(work.distances());
            counters.estimates.add(work.estimates());
            if (work.distances() + work.estimates() > 0) {
                counters.planned(HowFound.way(work.plan(), searched));
            }
        }
        return timeNs;
    }
}

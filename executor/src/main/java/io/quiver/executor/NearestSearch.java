package io.quiver.executor;

import io.quiver.executor.index.RowRange;
import io.quiver.executor.index.VectorIndex;
import io.quiver.executor.query.Hits;
import io.quiver.executor.query.SearchStage;
import java.util.ArrayList;
import java.util.List;

/**
 * The nearest records of several queries with one filter, in one view. Large segments are divided among the search
 * threads, and the queries go through each range together, so that a row is fetched once for many of them; where a
 * segment cannot be divided, the queries are.
 */
final class NearestSearch {
    /** Floats to compare below which dividing costs more than it brings. */
    private static final long SHARE_FLOATS_MIN = 1 << 20;
    /** Hits that all ranges of one pass may hold at a time; more queries than fit take several passes. */
    private static final long HELD_HITS_MAX = 4 << 20;
    /** Queries that stay together on a thread, where one waits for memory while another computes. */
    private static final int SLICE_QUERIES_MIN = 4;
    /** Slices a thread, so that none waits long for the last. */
    private static final int SLICES_A_THREAD = 2;

    private final CollectionView view;
    private final Candidates candidates;
    private final SearchPool pool;
    private final SearchCounters counters;

    NearestSearch(CollectionView view, Candidates candidates, SearchPool pool, SearchCounters counters) {
        this.view = view;
        this.candidates = candidates;
        this.pool = pool;
        this.counters = counters;
    }

    List<Hits> answer(List<AskedNearest> asked) {
        return search(asked, this::answer);
    }

    /** The nearest rows alone, for who reads their records later or not at all. */
    List<FoundRows> find(List<AskedNearest> asked) {
        return search(asked, NearestSearch::found);
    }

    /** Makes something of what was found for query {@code i} of a pass. */
    @FunctionalInterface
    private interface Finding<T> {
        T of(AskedNearest query, List<RangeSearch> ranges, int i);
    }

    private <T> List<T> search(List<AskedNearest> asked, Finding<T> finding) {
        List<T> answers = new ArrayList<>();
        if (asked.isEmpty()) {
            return answers;
        }
        int atOnce = queriesAtOnce(asked);
        for (int from = 0; from < asked.size(); from += atOnce) {
            answers.addAll(pass(asked.subList(from, Math.min(asked.size(), from + atOnce)), finding));
        }
        return answers;
    }

    private <T> List<T> pass(List<AskedNearest> asked, Finding<T> finding) {
        List<RangeSearch> ranges = ranges(asked);
        pool.together(ranges);
        count(ranges);
        long begin = System.nanoTime();
        List<T> answers = new ArrayList<>(asked.size());
        for (int i = 0; i < asked.size(); i++) {
            answers.add(finding.of(asked.get(i), ranges, i));
        }
        counters.stages.spent(SearchStage.MERGE, System.nanoTime() - begin);
        if (counters.wantsRecall()) {
            counters.expect(new HowFound(ranges, 0).estimatedRecall());
        }
        counters.sampling.answered(view, candidates, asked, i -> found(asked.get(i), ranges, i));
        return answers;
    }

    private static FoundRows found(AskedNearest query, List<RangeSearch> ranges, int i) {
        List<SegmentHits> hits = ranges.stream()
                .filter(range -> range.covers(i))
                .map(range -> new SegmentHits(range.segment(), range.hits(i)))
                .toList();
        return NearestMerge.merge(hits, query.k());
    }

    private Hits answer(AskedNearest query, List<RangeSearch> ranges, int i) {
        Hits hits;
        try {
            query.clock().requireWanted();
            hits = found(query, ranges, i).read(query.query().projection(), view.offset(), query.clock());
        } catch (UnwantedException _) {
            return Hits.counted(view.offset(), 0);
        }
        boolean isExplained = query.query().explain() || query.clock().ageNs() > counters.stages.explainedAfterNanos();
        if (!query.query().estimateRecall() && !isExplained) {
            return hits;
        }
        HowFound how = new HowFound(ranges, i);
        return hits.found(
                query.query().estimateRecall() ? how.estimatedRecall() : null, isExplained ? how.explanation() : null);
    }

    private void count(List<RangeSearch> ranges) {
        long deltaNs = 0;
        long indexNs = 0;
        for (RangeSearch range : ranges) {
            long timeNs = range.countInto(counters);
            if (range.searched().part().isSealed()) {
                indexNs += timeNs;
            } else {
                deltaNs += timeNs;
            }
        }
        spent(SearchStage.DELTA, deltaNs);
        spent(SearchStage.INDEX, indexNs);
    }

    /** Who has nothing of a kind has spent no time there. */
    private void spent(SearchStage stage, long nanos) {
        if (nanos > 0) {
            counters.stages.spent(stage, nanos);
        }
    }

    private List<RangeSearch> ranges(List<AskedNearest> asked) {
        List<RangeSearch> ranges = new ArrayList<>();
        List<FoundSoFar> found =
                asked.stream().map(query -> new FoundSoFar(query.k())).toList();
        for (int i = 0; i < view.parts().size(); i++) {
            ViewPart part = view.parts().get(i);
            long matches = candidates.count(i, part);
            if (matches > 0) {
                addShares(new SearchedPart(part, candidates.rows().get(i), matches), asked, found, ranges);
            }
        }
        return ranges;
    }

    private void addShares(
            SearchedPart searched, List<AskedNearest> asked, List<FoundSoFar> found, List<RangeSearch> ranges) {
        VectorIndex index = searched.index();
        long wanted = searched.matches() * asked.size() * index.dimension() / SHARE_FLOATS_MIN;
        int shares = Math.clamp(wanted, 1, pool.threadCount());
        List<RowRange> divided = index.divide(searched.part().rowCount(), shares);
        int slices = divided.size() < shares ? slices(asked.size()) : 1;
        for (RowRange range : divided) {
            addSlices(searched, range, asked, slices, found, ranges);
        }
    }

    private int slices(int queries) {
        return Math.clamp(queries / SLICE_QUERIES_MIN, 1, pool.threadCount() * SLICES_A_THREAD);
    }

    private static void addSlices(
            SearchedPart searched,
            RowRange range,
            List<AskedNearest> asked,
            int slices,
            List<FoundSoFar> found,
            List<RangeSearch> ranges) {
        for (int i = 0; i < slices; i++) {
            int from = (int) ((long) asked.size() * i / slices);
            int to = (int) ((long) asked.size() * (i + 1) / slices);
            ranges.add(new RangeSearch(searched, range, asked.subList(from, to), from, found));
        }
    }

    private int queriesAtOnce(List<AskedNearest> asked) {
        int kMax = asked.stream().mapToInt(AskedNearest::k).max().orElse(1);
        long heldByOne = 1;
        for (ViewPart part : view.parts()) {
            heldByOne += (long) pool.threadCount() * Math.min(kMax, part.rowCount());
        }
        return Math.clamp(HELD_HITS_MAX / heldByOne, 1, asked.size());
    }
}

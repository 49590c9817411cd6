package io.quiver.executor;

import io.quiver.executor.query.GroupBy;
import io.quiver.executor.query.Hits;
import io.quiver.executor.query.Query;
import java.util.Arrays;
import java.util.List;

/**
 * Scores the records that the searches of a rank expression found, orders them, keeps the first of each group, and
 * reads the page that was asked for.
 *
 * <p>Lower scores come first, ties by order of insertion. Infinite scores are the ends of the order; what is not a
 * number comes after everything.
 */
final class RankedSearch {
    private final CollectionView view;
    private final Query.Search search;
    private final QueryClock clock;

    RankedSearch(CollectionView view, Query.Search search, QueryClock clock) {
        this.view = view;
        this.search = search;
        this.clock = clock;
    }

    /** @param found what each search of the expression found, from left to right */
    Hits answer(List<FoundRows> found) {
        FoundRecords records = new FoundRecords(found);
        Scores scores = new RankEvaluation(records).evaluate(search.rank());
        int[] kept = grouped(ascending(scores), records, scores);
        FoundRows page = new FoundRows();
        int from = (int) Math.min(search.skip(), kept.length);
        int to = (int) Math.min((long) from + search.limit(), kept.length);
        for (int i = from; i < to; i++) {
            page.add(records.segment(kept[i]), records.row(kept[i]), scores.score(kept[i]));
        }
        return page.read(search.projection(), view.offset(), clock);
    }

    private int[] grouped(int[] ordered, FoundRecords records, Scores scores) {
        GroupBy groupBy = search.groupBy();
        return groupBy == null ? ordered : new Grouping(groupBy, records, scores, clock).kept(ordered);
    }

    /** Sorts numbers that have the score in their upper half and the record in their lower one: no boxing. */
    private static int[] ascending(Scores scores) {
        long[] keys = Arrays.stream(scores.records())
                .mapToLong(record -> (long) ordered(scores.score(record)) << Integer.SIZE | record)
                .sorted()
                .toArray();
        return Arrays.stream(keys).mapToInt(key -> (int) key).toArray();
    }

    /** An integer that compares as the score does: zeros of both signs are equal, all that is not a number is last. */
    private static int ordered(float score) {
        int bits = Float.floatToIntBits(score + 0.0f);
        return bits ^ (bits >> 31 & Integer.MAX_VALUE);
    }
}

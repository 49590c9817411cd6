package io.quiver.executor;

import io.quiver.executor.index.FlatIndex;
import io.quiver.executor.index.RowRange;
import io.quiver.executor.query.Deadline;
import io.quiver.executor.query.Query;
import io.quiver.executor.segment.Segment;
import io.quiver.log.record.CollectionId;
import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;

/**
 * A query that has been answered, asked again of every row in the view that answered it, of which this holds a share
 * until it is closed. Run once, on one thread and without the search threads' help; given up by any.
 */
final class ShadowSearch implements AutoCloseable {
    /** Longer no view is held, for what it shows may have been replaced; nor is a file read for one sample. */
    static final Duration AGE_MAX = Duration.ofSeconds(5);

    private final CollectionView view;
    private final Candidates candidates;
    private final AskedNearest again;
    private final float[] answer;
    private final Cancellation cancellation;

    /**
     * Takes the share of the view.
     *
     * @param candidates rows that the query's filter accepts
     * @param answer the distances of its hits, nearest first
     */
    ShadowSearch(CollectionView view, Candidates candidates, AskedNearest asked, float[] answer) {
        this.view = view.shared();
        this.candidates = candidates;
        this.answer = answer;
        this.cancellation = new Cancellation();
        QueryClock clock = new QueryClock(cancellation, Deadline.after(AGE_MAX));
        this.again = new AskedNearest(0, asked.query(), asked.values(), asked.effort(), clock);
    }

    /** The query as its caller asked it. */
    Query.Nearest query() {
        return again.query();
    }

    CollectionId collection() {
        return query().collection();
    }

    /** Soon after this the search ends without a result. */
    void giveUp() {
        cancellation.cancel();
    }

    /**
     * The share of the true hits that the answer had; empty where there is nothing to find, or the search was given up.
     * A hit as near as the farthest true one counts, whichever record it is: rows may be equally far.
     */
    OptionalDouble recall() {
        float[] nearest = nearest();
        if (nearest.length == 0 || again.clock().getAsBoolean()) {
            return OptionalDouble.empty();
        }
        float farthest = nearest[nearest.length - 1];
        int right = 0;
        while (right < answer.length && answer[right] <= farthest) {
            right++;
        }
        return OptionalDouble.of((double) Math.min(right, nearest.length) / nearest.length);
    }

    /** The distances of the true hits. */
    private float[] nearest() {
        FoundSoFar found = new FoundSoFar(again.k());
        for (int i = 0; i < view.parts().size(); i++) {
            ViewPart part = view.parts().get(i);
            long matches = candidates.count(i, part);
            if (matches > 0) {
                SearchedPart every = new SearchedPart(
                        part, everyRow(part.segment()), candidates.rows().get(i), matches);
                new RangeSearch(every, new RowRange(0, part.rowCount()), List.of(again), 0, List.of(found)).run();
            }
        }
        return found.distances();
    }

    /** Nothing that searches otherwise go by, so that they learn nothing from this one. */
    private static FlatIndex everyRow(Segment segment) {
        return new FlatIndex(segment.index().metric(), segment.embeddings());
    }

    @Override
    public void close() {
        view.close();
    }
}

package io.quiver.executor;

import io.quiver.executor.query.Consistency;
import io.quiver.executor.query.Deadline;
import io.quiver.executor.query.Filter;
import io.quiver.executor.query.Projection;
import io.quiver.executor.query.Query;
import io.quiver.executor.query.SearchEffort;
import io.quiver.executor.segment.Segment;
import io.quiver.executor.watch.Candidate;
import io.quiver.executor.watch.StandingQuery;
import io.quiver.executor.watch.WatchedView;
import io.quiver.executor.watch.WrittenRow;
import io.quiver.log.record.LogOffset;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A collection as watches see it: right after one entry, as long as its segments tell entries apart, which is until
 * they are compacted. Holds what its {@code closing} gives back.
 */
final class HeldView implements WatchedView {
    /** A search for a standing query that takes longer tells half an answer; nothing that fits in memory does. */
    private static final Duration SEARCH_MAX = Duration.ofHours(1);

    private static final SearchEffort EXACT = new SearchEffort.TargetRecall(1);

    private final @Nullable CollectionShape shape;
    private final Snapshot snapshot;
    private final LogOffset offset;
    private final SearchPool pool;
    private final SearchCounters counters;
    private final Runnable closing;

    /** @param shape {@code null} where nothing has been written */
    HeldView(
            @Nullable CollectionShape shape,
            Snapshot snapshot,
            LogOffset offset,
            SearchPool pool,
            SearchCounters counters,
            Runnable closing) {
        this.shape = shape;
        this.snapshot = snapshot;
        this.offset = offset;
        this.pool = pool;
        this.counters = counters;
        this.closing = closing;
    }

    @Override
    public LogOffset offset() {
        return offset;
    }

    @Override
    public @Nullable Shape shape() {
        return shape == null ? null : new Shape(shape.metric(), shape.dimension());
    }

    @Override
    public LogOffset earliest() {
        return snapshot.earliest();
    }

    @Override
    public WatchedView at(LogOffset earlier) {
        return new HeldView(shape, snapshot, earlier, pool, counters, () -> {});
    }

    @Override
    public void close() {
        closing.run();
    }

    /** An entry is never divided between deltas, and its rows are the last that the view shows. */
    @Override
    public List<WrittenRow> written() {
        List<ViewPart> deltas = snapshot.deltaPartsAt(offset);
        return deltas.isEmpty() ? List.of() : written(deltas.getLast());
    }

    private List<WrittenRow> written(ViewPart part) {
        Segment segment = part.segment();
        List<WrittenRow> rows = new ArrayList<>();
        for (int row = part.rowCount() - 1; row >= 0 && segment.writtenAt(row).equals(offset); row--) {
            if (part.isLive(row)) {
                rows.add(new WrittenRow(segment, row, segment.insertion(row) >= Insertion.of(offset, 0)));
            }
        }
        Collections.reverse(rows);
        return rows;
    }

    @Override
    public List<List<Candidate>> nearest(List<Wanted> queries) {
        CollectionView view = new CollectionView(offset, snapshot.partsAt(offset), 0, () -> {});
        @Nullable List<Candidate>[] found = newArray(queries.size());
        Map<Filter, List<AskedNearest>> byFilter = new LinkedHashMap<>();
        for (int i = 0; i < queries.size(); i++) {
            byFilter.computeIfAbsent(queries.get(i).query().filter(), _ -> new ArrayList<>())
                    .add(asked(i, queries.get(i)));
        }
        byFilter.forEach((filter, asked) -> find(view, filter, asked, found));
        return Arrays.asList(found);
    }

    private void find(CollectionView view, Filter filter, List<AskedNearest> asked, @Nullable List<Candidate>[] found) {
        Candidates candidates = Candidates.of(filter, view, pool, () -> false);
        List<FoundRows> rows = new NearestSearch(view, candidates, pool, counters).find(asked);
        for (int i = 0; i < asked.size(); i++) {
            found[asked.get(i).position()] = candidates(rows.get(i));
        }
    }

    private static AskedNearest asked(int position, Wanted wanted) {
        StandingQuery standing = wanted.query();
        Query.Nearest query = new Query.Nearest(
                standing.collection(),
                standing.embedding(),
                wanted.count(),
                standing.filter(),
                Projection.IDS,
                Consistency.STRONG,
                Deadline.after(SEARCH_MAX));
        QueryClock clock = new QueryClock(new Cancellation(), query.deadline());
        return AskedNearest.of(new Asked(position, query, clock), query, EXACT);
    }

    private static List<Candidate> candidates(FoundRows rows) {
        List<Candidate> candidates = new ArrayList<>(rows.size());
        for (int i = 0; i < rows.size(); i++) {
            candidates.add(new Candidate(rows.segment(i).id(rows.row(i)), rows.distance(i), rows.insertion(i)));
        }
        return candidates;
    }

    @SuppressWarnings("unchecked")
    private static @Nullable List<Candidate>[] newArray(int length) {
        return (@Nullable List<Candidate>[]) new List<?>[length];
    }
}

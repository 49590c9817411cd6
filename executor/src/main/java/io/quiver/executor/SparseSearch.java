package io.quiver.executor;

import io.quiver.executor.index.NearestRows;
import io.quiver.executor.index.RowSet;
import io.quiver.executor.query.Rank;
import io.quiver.executor.sparse.SparseIndex;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The records whose sparse vectors are nearest to one, in one view under one filter: a share for each segment. */
final class SparseSearch {
    private final CollectionView view;
    private final Candidates candidates;
    private final Rank.Target.Sparse target;
    private final int k;
    private final QueryClock clock;
    private final FoundSoFar found;

    SparseSearch(CollectionView view, Candidates candidates, Rank.Target.Sparse target, int k, QueryClock clock) {
        this.view = view;
        this.candidates = candidates;
        this.target = target;
        this.k = k;
        this.clock = clock;
        this.found = new FoundSoFar(k);
    }

    FoundRows find(SearchPool pool) {
        List<Share> shares = new ArrayList<>();
        for (int i = 0; i < view.parts().size(); i++) {
            ViewPart part = view.parts().get(i);
            if (k > 0 && candidates.count(i, part) > 0) {
                shares.add(new Share(part, candidates.rows().get(i)));
            }
        }
        pool.together(shares);
        return NearestMerge.merge(shares.stream().map(Share::hits).toList(), k);
    }

    /** The search of one segment. */
    private final class Share implements Runnable {
        private final ViewPart part;
        private final @Nullable RowSet accepted;
        private @Nullable NearestRows hits;

        Share(ViewPart part, @Nullable RowSet accepted) {
            this.part = part;
            this.accepted = accepted;
        }

        @Override
        public void run() {
            NearestRows nearest = nearest();
            if (!clock.getAsBoolean()) {
                part.segment().sparse().search(search(nearest));
            }
            nearest.sort();
            found.add(nearest);
            hits = nearest;
        }

        private SparseIndex.Search search(NearestRows nearest) {
            return new SparseIndex.Search(
                    target.key(), target.vector(), accepted, part.rowCount(), part.liveness(), nearest, clock);
        }

        /** A segment of fewer rows than are wanted gives all that it has. */
        private NearestRows nearest() {
            return k > part.rowCount()
                    ? new NearestRows(part.rowCount(), part.segment()::insertion)
                    : new NearestRows(k, part.segment()::insertion, found.distances());
        }

        SegmentHits hits() {
            return new SegmentHits(part.segment(), Objects.requireNonNull(hits));
        }
    }
}

package io.quiver.executor;

import io.quiver.executor.index.NearestRows;
import io.quiver.executor.query.Rank;
import io.quiver.executor.sparse.SparseIndex;
import java.util.ArrayList;
import java.util.List;

/** The records whose sparse vectors are nearest to one, in one view under one filter: a share for each segment. */
final class SparseSearch {
    private final CollectionView view;
    private final Candidates candidates;
    private final Rank.Target.Sparse target;
    private final int k;
    private final QueryClock clock;

    SparseSearch(CollectionView view, Candidates candidates, Rank.Target.Sparse target, int k, QueryClock clock) {
        this.view = view;
        this.candidates = candidates;
        this.target = target;
        this.k = k;
        this.clock = clock;
    }

    FoundRows find(SearchPool pool) {
        List<SegmentHits> hits = new ArrayList<>();
        List<Runnable> shares = new ArrayList<>();
        for (int i = 0; i < view.parts().size(); i++) {
            ViewPart part = view.parts().get(i);
            if (k > 0 && candidates.count(i, part) > 0) {
                SegmentHits found = new SegmentHits(part.segment(), nearest(part));
                SparseIndex.Search search = search(i, part, found.hits());
                hits.add(found);
                shares.add(() -> search(part, search));
            }
        }
        pool.together(shares);
        return NearestMerge.merge(hits, k);
    }

    private NearestRows nearest(ViewPart part) {
        return new NearestRows(Math.min(k, part.rowCount()), part.segment()::insertion);
    }

    private SparseIndex.Search search(int i, ViewPart part, NearestRows hits) {
        return new SparseIndex.Search(
                target.key(), target.vector(), candidates.rows().get(i), part.rowCount(), part.liveness(), hits, clock);
    }

    private void search(ViewPart part, SparseIndex.Search search) {
        if (!clock.getAsBoolean()) {
            part.segment().sparse().search(search);
        }
        search.hits().sort();
    }
}

package io.quiver.executor;

import io.quiver.executor.query.Projection;
import io.quiver.executor.query.Query;
import io.quiver.executor.query.Rank;
import io.quiver.executor.query.SearchEffort;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** The nearest-neighbour searches of one rank expression, in one view under one filter. */
final class KnnSearch {
    private final CollectionView view;
    private final Candidates candidates;
    private final SearchPool pool;
    private final SearchCounters counters;
    private final SearchEffort usual;

    KnnSearch(
            CollectionView view, Candidates candidates, SearchPool pool, SearchCounters counters, SearchEffort usual) {
        this.view = view;
        this.candidates = candidates;
        this.pool = pool;
        this.counters = counters;
        this.usual = usual;
    }

    /** What each search of the expression found, from left to right; those of embeddings are searched together. */
    List<FoundRows> find(Query.Search search, QueryClock clock) {
        List<AskedNearest> asked = new ArrayList<>();
        for (Rank.Knn knn : search.knns()) {
            if (knn.target() instanceof Rank.Target.Dense dense) {
                asked.add(asked(search, dense, knn.limit(), clock));
            }
        }
        Iterator<FoundRows> dense =
                new NearestSearch(view, candidates, pool, counters).find(asked).iterator();
        return search.knns().stream()
                .map(knn -> switch (knn.target()) {
                    case Rank.Target.Dense _ -> dense.next();
                    case Rank.Target.Sparse sparse ->
                        new SparseSearch(view, candidates, sparse, knn.limit(), clock).find(pool);
                })
                .toList();
    }

    private AskedNearest asked(Query.Search search, Rank.Target.Dense target, int k, QueryClock clock) {
        Query.Nearest nearest = new Query.Nearest(
                search.collection(),
                target.embedding(),
                k,
                search.filter(),
                Projection.IDS,
                search.consistency(),
                search.deadline());
        return AskedNearest.of(new Asked(0, nearest, clock), nearest, usual);
    }
}

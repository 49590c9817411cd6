package io.quiver.executor;

import io.quiver.executor.query.Filter;
import io.quiver.executor.query.Hits;
import io.quiver.executor.query.Query;
import io.quiver.executor.query.SearchEffort;
import io.quiver.log.record.CollectionId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * One batch under way, led by one search thread: queries about one collection see one view, those with one filter share
 * its rows, and nearest-neighbour queries among them are searched together.
 */
final class BatchAnswer {
    private final Function<ViewKey, CollectionView> views;
    private final SearchPool pool;
    private final SearchCounters counters;
    private final Cancellation cancellation;
    private final IntPredicate isWithdrawn;
    private final Map<CollectionId, SearchEffort> usualEfforts;
    private final Hits[] answers;

    BatchAnswer(
            Function<ViewKey, CollectionView> views,
            SearchPool pool,
            SearchCounters counters,
            Cancellation cancellation,
            IntPredicate isWithdrawn,
            Map<CollectionId, SearchEffort> usualEfforts,
            int size) {
        this.views = views;
        this.pool = pool;
        this.counters = counters;
        this.cancellation = cancellation;
        this.isWithdrawn = isWithdrawn;
        this.usualEfforts = usualEfforts;
        this.answers = new Hits[size];
    }

    List<Hits> to(List<Query> queries) {
        List<Runnable> shares = new ArrayList<>();
        byView(queries).forEach((key, asked) -> shares.add(() -> answer(key, asked)));
        pool.together(shares);
        count();
        return Arrays.asList(answers);
    }

    private Map<ViewKey, List<Asked>> byView(List<Query> queries) {
        Map<ViewKey, List<Asked>> groups = new LinkedHashMap<>();
        for (int i = 0; i < queries.size(); i++) {
            Query query = queries.get(i);
            int position = i;
            QueryClock clock = new QueryClock(cancellation, query.deadline(), () -> isWithdrawn.test(position));
            groups.computeIfAbsent(ViewKey.of(query), key -> new ArrayList<>()).add(new Asked(i, query, clock));
        }
        return groups;
    }

    private void answer(ViewKey key, List<Asked> group) {
        try (CollectionView view = views.apply(key)) {
            Map<Filter, List<Asked>> byFilter = group.stream()
                    .collect(Collectors.groupingBy(
                            asked -> asked.query().filter(), LinkedHashMap::new, Collectors.toList()));
            byFilter.forEach((filter, asked) -> answer(view, filter, asked));
        }
    }

    private void answer(CollectionView view, Filter filter, List<Asked> group) {
        if (cancellation.isCancelled()) {
            return;
        }
        Candidates candidates = Candidates.of(filter, view, pool, () -> isLate(group));
        List<AskedNearest> nearest = new ArrayList<>();
        for (Asked asked : group) {
            switch (asked.query()) {
                case Query.Nearest query -> nearest.add(AskedNearest.of(asked, query, usualEffort(query)));
                case Query.Search search -> answer(view, asked, () -> ranked(view, candidates, asked, search));
                case Query.Scan scan -> answer(view, asked, () -> Walks.scan(view, candidates, scan, asked.clock()));
                case Query.Count _ -> answer(view, asked, () -> Walks.count(view, candidates, filter, asked.clock()));
            }
        }
        answerNearest(view, candidates, nearest);
    }

    /** What nobody waits for is answered with nothing. */
    private void answer(CollectionView view, Asked asked, Supplier<Hits> hits) {
        try {
            answers[asked.position()] = hits.get();
        } catch (UnwantedException _) {
            answers[asked.position()] = Hits.counted(view.offset(), 0);
        }
    }

    private Hits ranked(CollectionView view, Candidates candidates, Asked asked, Query.Search search) {
        KnnSearch knns = new KnnSearch(view, candidates, pool, counters, usualEffort(search));
        return new RankedSearch(view, search, asked.clock()).answer(knns.find(search, asked.clock()));
    }

    /** Whether none of the queries has time left. */
    private static boolean isLate(List<Asked> group) {
        boolean isLate = true;
        for (Asked asked : group) {
            isLate &= asked.clock().getAsBoolean();
        }
        return isLate;
    }

    private SearchEffort usualEffort(Query query) {
        return usualEfforts.getOrDefault(query.collection(), SearchEffort.DEFAULT);
    }

    private void answerNearest(CollectionView view, Candidates candidates, List<AskedNearest> queries) {
        List<Hits> found = new NearestSearch(view, candidates, pool, counters).answer(queries);
        for (int i = 0; i < queries.size(); i++) {
            answers[queries.get(i).position()] = found.get(i);
        }
    }

    private void count() {
        counters.queries.add(answers.length);
        for (Hits hits : answers) {
            if (hits != null && hits.partial()) {
                counters.partial.increment();
            }
        }
    }
}

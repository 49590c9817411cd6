package io.quiver.flight.link;

import io.quiver.executor.query.Consistency;
import io.quiver.executor.query.Query;
import io.quiver.log.record.CollectionId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Which requests of a message are executed as one batch: searches of one collection with one consistency, for they read
 * the same rows and wait for the same state. Everything else is executed by itself, so that nothing quick waits for it.
 */
final class BatchGroups {
    private record Key(CollectionId collection, Consistency consistency) {}

    private BatchGroups() {}

    /** Each asks at least one query. */
    static <R extends Asking> Collection<List<R>> of(List<R> asks) {
        Map<Object, List<R>> groups = new LinkedHashMap<>();
        for (R ask : asks) {
            groups.computeIfAbsent(key(ask.queries()), _ -> new ArrayList<>()).add(ask);
        }
        return groups.values();
    }

    private static Object key(List<Query> queries) {
        Query first = queries.getFirst();
        Predicate<Query> fits = query -> query instanceof Query.Nearest
                && query.collection().equals(first.collection())
                && query.consistency().equals(first.consistency());
        return queries.stream().allMatch(fits) ? new Key(first.collection(), first.consistency()) : new Object();
    }
}

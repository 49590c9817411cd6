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

    static Collection<List<RequestReader.Numbered>> of(List<RequestReader.Numbered> asks) {
        Map<Object, List<RequestReader.Numbered>> groups = new LinkedHashMap<>();
        for (RequestReader.Numbered ask : asks) {
            groups.computeIfAbsent(key(ask), _ -> new ArrayList<>()).add(ask);
        }
        return groups.values();
    }

    private static Object key(RequestReader.Numbered ask) {
        if (!(ask.request() instanceof Request.Ask(var queries))) {
            return ask;
        }
        Query first = queries.getFirst();
        Key key = new Key(first.collection(), first.consistency());
        Predicate<Query> fits = query -> query instanceof Query.Nearest
                && query.collection().equals(key.collection)
                && query.consistency().equals(key.consistency);
        return queries.stream().allMatch(fits) ? key : ask.number();
    }
}

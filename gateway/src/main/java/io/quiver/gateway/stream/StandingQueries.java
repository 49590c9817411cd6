package io.quiver.gateway.stream;

import io.quiver.executor.query.Deadline;
import io.quiver.executor.query.Query;
import io.quiver.executor.watch.StandingQuery;
import io.quiver.executor.watch.WatchEvent;
import io.quiver.gateway.http.StreamAnswer;
import io.quiver.gateway.http.StreamMessage;
import io.quiver.log.catalog.Collection;
import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.QuiverException;
import io.vertx.core.Context;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import reactor.core.publisher.Flux;

/**
 * The standing queries of one connection. Each has one event on its way; the next one is asked for when that has been
 * handed to the socket and the outbox has room, so a caller that lags behind is told the answer anew and not every
 * change.
 *
 * <p>Belongs to the connection's event loop.
 */
final class StandingQueries {
    static final int WATCHES_MAX = 1_024;

    /** All of them together: what may wait when all are told their answers at once. */
    static final int RECORDS_MAX = 16_384;

    private final Context eventLoop;
    private final Collection collection;
    private final StreamParts parts;
    private final Outbox outbox;
    private final Map<String, Watching> watching = new HashMap<>();
    private final Queue<Watching> resting = new ArrayDeque<>();
    private int records;

    StandingQueries(Context eventLoop, Collection collection, StreamParts parts, Outbox outbox) {
        this.eventLoop = eventLoop;
        this.collection = collection;
        this.parts = parts;
        this.outbox = outbox;
    }

    boolean has(String id) {
        return watching.containsKey(id);
    }

    /** Throws {@link QuiverException} for one that is not taken. */
    void watch(StreamMessage message) {
        String id = message.requiredId();
        if (watching.size() == WATCHES_MAX) {
            throw full("%d standing queries".formatted(WATCHES_MAX));
        }
        Watching fresh = new Watching(id, eventLoop, this::tell, this::fail);
        watching.put(id, fresh);
        parts.catalog()
                .collection(collection.id())
                .flatMapMany(current -> ask(fresh, message, current))
                .subscribe(fresh);
    }

    private Flux<WatchEvent> ask(Watching fresh, StreamMessage message, Collection current) {
        Query.Nearest asked = asked(message, current);
        StandingQuery query =
                new StandingQuery(current.id(), asked.embedding(), asked.k(), asked.filter(), message.fromOffset());
        take(fresh, query.k());
        return parts.searches()
                .charge(current.tenant(), asked)
                .thenMany(Flux.defer(() -> parts.watches().watch(query)));
    }

    private Query.Nearest asked(StreamMessage message, Collection current) {
        List<Query.Nearest> queries =
                message.queries(current, Deadline.after(parts.settings().timeout()));
        if (queries.size() != 1) {
            throw QuiverException.invalid(
                    "Validation error: query_embeddings: Expected one for a standing query, got " + queries.size());
        }
        return queries.getFirst();
    }

    private void take(Watching fresh, int count) {
        if (records + count > RECORDS_MAX) {
            throw full("standing queries for %d records".formatted(records));
        }
        records += count;
        fresh.wants(count);
    }

    private static QuiverException full(String what) {
        return new QuiverException(
                ErrorCode.RESOURCE_EXHAUSTED,
                "This connection has %s; it may have %d, for %d records together"
                        .formatted(what, WATCHES_MAX, RECORDS_MAX));
    }

    private void tell(Watching watch, WatchEvent event) {
        if (isCurrent(watch)) {
            outbox.answer(new Outgoing.Text(StreamEvents.text(watch.id(), event)), () -> goOn(watch));
        }
    }

    private void goOn(Watching watch) {
        if (outbox.bytes() < parts.settings().fullBytes()) {
            watch.next();
        } else {
            resting.add(watch);
        }
    }

    /** The outbox has room. */
    void goOn() {
        while (!resting.isEmpty() && outbox.bytes() < parts.settings().fullBytes()) {
            resting.remove().next();
        }
    }

    private void fail(Watching watch, Throwable failure) {
        if (isCurrent(watch)) {
            end(watch);
            outbox.reply(StreamAnswer.error(watch.id(), failure));
        }
    }

    private boolean isCurrent(Watching watch) {
        return watch.equals(watching.get(watch.id()));
    }

    /** False where there is none. */
    boolean cancel(String id) {
        Watching watch = watching.get(id);
        if (watch == null) {
            return false;
        }
        fail(watch, new QuiverException(ErrorCode.CANCELLED, "The standing query was cancelled"));
        return true;
    }

    private void end(Watching watch) {
        watching.remove(watch.id());
        records -= watch.wanted();
        watch.dispose();
    }

    void endAll() {
        List.copyOf(watching.values()).forEach(this::end);
        resting.clear();
    }
}

package io.quiver.flight;

import io.quiver.executor.QueryExecutor;
import io.quiver.executor.query.Filter;
import io.quiver.executor.query.Hits;
import io.quiver.executor.query.Query;
import io.quiver.log.record.CollectionId;
import io.quiver.log.record.Embedding;
import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.LogOffset;
import io.quiver.log.record.QuiverException;
import io.quiver.log.record.VectorRecord;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * A genuine executor that keeps records in a list and compares all of them by squared L2. It can be told to hold its
 * answers back, and remembers which batches it was given.
 */
public final class ScanningExecutor implements QueryExecutor {
    private final Map<CollectionId, List<VectorRecord>> collections = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newFixedThreadPool(2);
    private final Scheduler scheduler = Schedulers.fromExecutor(threads);
    private final List<List<Query>> batches = new CopyOnWriteArrayList<>();
    private final AtomicInteger cancelled = new AtomicInteger();
    private final AtomicLong offset = new AtomicLong(1);
    private volatile Sinks.@Nullable Empty<Void> hold;

    public CollectionId create() {
        CollectionId id = CollectionId.random();
        collections.put(id, new CopyOnWriteArrayList<>());
        return id;
    }

    public LogOffset add(CollectionId collection, List<VectorRecord> records) {
        records(collection).addAll(records);
        return new LogOffset(offset.incrementAndGet());
    }

    /** What comes from now on waits for {@link #release}. */
    public void hold() {
        hold = Sinks.empty();
    }

    public void release() {
        Sinks.Empty<Void> held = hold;
        hold = null;
        if (held != null) {
            held.tryEmitEmpty();
        }
    }

    /** The batches given so far. */
    public List<List<Query>> batches() {
        return batches;
    }

    public int cancelledCount() {
        return cancelled.get();
    }

    @Override
    public Mono<List<Hits>> execute(List<Query> queries) {
        batches.add(List.copyOf(queries));
        Sinks.Empty<Void> held = hold;
        Mono<Void> start = held == null ? Mono.empty() : held.asMono();
        return start.then(Mono.fromCallable(
                                () -> queries.stream().map(this::answer).toList())
                        .subscribeOn(scheduler))
                .doOnCancel(cancelled::incrementAndGet);
    }

    @Override
    public Mono<Void> awaitApplied(CollectionId collection, LogOffset awaited) {
        return awaited.value() <= offset.get()
                ? Mono.empty()
                : Mono.error(new QuiverException(ErrorCode.UNAVAILABLE, "not applied: " + awaited));
    }

    @Override
    public Mono<Void> admitWrite(CollectionId collection, long bytes) {
        return bytes < 1000 ? Mono.empty() : Mono.error(new QuiverException(ErrorCode.BACKOFF, "too many bytes"));
    }

    @Override
    public void close() {
        scheduler.dispose();
        threads.shutdownNow();
    }

    private List<VectorRecord> records(CollectionId collection) {
        List<VectorRecord> records = collections.get(collection);
        if (records == null) {
            throw QuiverException.notFound("Collection [%s] does not exist".formatted(collection));
        }
        return records;
    }

    private Hits answer(Query query) {
        List<VectorRecord> accepted = records(query.collection()).stream()
                .filter(accepts(query.filter()))
                .toList();
        return switch (query) {
            case Query.Count _ -> Hits.counted(new LogOffset(offset.get()), accepted.size());
            case Query.Scan scan ->
                hits(
                        scan,
                        accepted.stream().skip(scan.skip()).limit(scan.limit()).toList(),
                        null);
            case Query.Nearest nearest -> nearest(nearest, accepted);
            case Query.Search _ -> throw QuiverException.invalid("this executor does not score");
        };
    }

    private Hits nearest(Query.Nearest query, List<VectorRecord> accepted) {
        List<VectorRecord> found = accepted.stream()
                .sorted(Comparator.comparingDouble(record -> distance(query.embedding(), record.embedding())))
                .limit(query.k())
                .toList();
        float[] distances = new float[found.size()];
        for (int i = 0; i < distances.length; i++) {
            distances[i] = distance(query.embedding(), found.get(i).embedding());
        }
        return hits(query, found, distances);
    }

    @SuppressWarnings("NullAway") // it does not see annotations on arrays and type arguments across modules
    private Hits hits(Query query, List<VectorRecord> found, float @Nullable [] distances) {
        var asked = query.projection();
        List<@Nullable String> documents = new ArrayList<>();
        List<@Nullable String> uris = new ArrayList<>();
        found.forEach(record -> documents.add(record.document()));
        found.forEach(record -> uris.add(record.uri()));
        return new Hits(
                new LogOffset(offset.get()),
                found.size(),
                query.deadline().hasPassed(),
                found.stream().map(VectorRecord::id).toList(),
                asked.distances() ? distances : null,
                asked.embeddings() ? found.stream().map(VectorRecord::embedding).toList() : null,
                asked.documents() ? documents : null,
                asked.uris() ? uris : null,
                asked.metadatas() ? found.stream().map(VectorRecord::metadata).toList() : null);
    }

    private static Predicate<VectorRecord> accepts(Filter filter) {
        return switch (filter) {
            case Filter.All() -> _ -> true;
            case Filter.Ids(var ids) -> record -> ids.contains(record.id());
            case Filter.Equals(var key, var value) ->
                record -> value.equals(record.metadata().get(key));
            case Filter.Not(var operand) -> accepts(operand).negate();
            case Filter.In _,
                    Filter.Compares _,
                    Filter.ArrayContains _,
                    Filter.DocumentContains _,
                    Filter.DocumentMatches _,
                    Filter.And _,
                    Filter.Or _ -> throw QuiverException.invalid("this executor does not know " + filter);
        };
    }

    private static float distance(Embedding left, Embedding right) {
        float sum = 0;
        for (int i = 0; i < left.dimension(); i++) {
            float difference = left.at(i) - right.at(i);
            sum += difference * difference;
        }
        return sum;
    }
}

package io.quiver.flight.service;

import io.quiver.executor.query.Consistency;
import io.quiver.executor.query.Deadline;
import io.quiver.executor.query.Filter;
import io.quiver.executor.query.Projection;
import io.quiver.executor.query.Query;
import io.quiver.flight.StreamGate;
import io.quiver.log.Log;
import io.quiver.log.catalog.Catalog;
import io.quiver.log.catalog.CatalogEvent;
import io.quiver.log.catalog.Collection;
import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.LogOffset;
import io.quiver.log.record.QuiverException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.arrow.flight.FlightProducer.ServerStreamListener;
import org.apache.arrow.memory.BufferAllocator;
import reactor.core.Disposable;

/** The feeds of changes that are open; each has a thread of the log, so there are no more than {@link #FEEDS_MAX}. */
final class ChangeFeeds {
    static final int FEEDS_MAX = 32;

    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    private final Log log;
    private final Catalog catalog;
    private final ReadTurns reads;
    private final BufferAllocator allocator;
    private final Duration timeout;
    private final AtomicInteger open = new AtomicInteger();

    ChangeFeeds(Log log, Catalog catalog, ReadTurns reads, BufferAllocator allocator, Duration timeout) {
        this.log = log;
        this.catalog = catalog;
        this.reads = reads;
        this.allocator = allocator;
        this.timeout = timeout;
    }

    /** Serves one feed, of a collection that the caller may follow, to its end. */
    void run(CollectionFinder collections, Command command, StreamGate gate, ServerStreamListener stream) {
        command.allow("tenant", "database", "collection", "include", ChangeFeed.AFTER, "follow");
        Collection collection = gate.await(collections.find(command));
        Projection projection = command.include(RecordScan.EVERYTHING);
        LogOffset after =
                start(collection, new LogOffset(command.number(ChangeFeed.AFTER, 0, 0, Long.MAX_VALUE)), gate);
        LogOffset through = command.flag("follow") ? new LogOffset(Long.MAX_VALUE) : log.head();
        if (open.incrementAndGet() > FEEDS_MAX) {
            open.decrementAndGet();
            throw new QuiverException(
                    ErrorCode.BACKOFF, "%d feeds of changes are open already".formatted(FEEDS_MAX), RETRY_AFTER);
        }
        ChangeColumns columns = new ChangeColumns(projection);
        ChangeFeed feed = new ChangeFeed(collection.id(), gate, columns, after, through);
        Disposable drops = catalog.events()
                .ofType(CatalogEvent.Dropped.class)
                .filter(dropped -> dropped.collection().equals(collection.id()))
                .subscribe(_ -> feed.end(QuiverException.notFound("the collection has been dropped")));
        try (BatchStream batches = new BatchStream(gate, stream, allocator, columns.columns())) {
            feed.run(log, batches);
        } finally {
            drops.dispose();
            open.decrementAndGet();
        }
    }

    /**
     * Where to begin reading the log: entries that it has dropped were not about this collection if that has not
     * changed since.
     */
    private LogOffset start(Collection collection, LogOffset after, StreamGate gate) {
        LogOffset dropped = log.truncatedThrough();
        LogOffset head = log.head();
        if (after.isAfter(head)) {
            throw QuiverException.invalid("the log ends at offset %s, before %s".formatted(head, after));
        }
        if (!dropped.isAfter(after)) {
            return after;
        }
        if (changedAt(collection, gate).isAfter(after)) {
            throw new QuiverException(
                    ErrorCode.FAILED_PRECONDITION,
                    "changes after offset %s are gone, the log begins after %s: read all records and go on from their offset"
                            .formatted(after, dropped));
        }
        return dropped;
    }

    private LogOffset changedAt(Collection collection, StreamGate gate) {
        Query count = new Query.Count(collection.id(), Filter.ALL, Consistency.STRONG, Deadline.after(timeout));
        return gate.await(reads.ofCall().execute(List.of(count))).getFirst().offset();
    }
}

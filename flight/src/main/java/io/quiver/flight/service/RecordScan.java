package io.quiver.flight.service;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.quiver.executor.QueryExecutor;
import io.quiver.executor.query.Consistency;
import io.quiver.executor.query.Consistency.Pinned.Place;
import io.quiver.executor.query.Deadline;
import io.quiver.executor.query.Filter;
import io.quiver.executor.query.Hits;
import io.quiver.executor.query.Projection;
import io.quiver.executor.query.Query;
import io.quiver.executor.query.QueryLimits;
import io.quiver.flight.StreamGate;
import io.quiver.log.catalog.Collection;
import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.LogOffset;
import io.quiver.log.record.QuiverException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import org.apache.arrow.flight.FlightProducer.ServerStreamListener;
import org.apache.arrow.memory.BufferAllocator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One {@code DoGet} of records, in order of insertion, page by page out of one view, which the executor holds until the
 * scan ends. A page is as large as those before suggest will fit a few batches.
 */
final class RecordScan {
    static final List<String> EVERYTHING = List.of("embeddings", "documents", "uris", "metadatas");

    private static final int FIRST_PAGE = 256;
    private static final int PAGE_MAX = 10_000;
    private static final long PAGE_BYTES = 4 << 20;
    private static final Duration RELEASE_MAX = Duration.ofSeconds(5);
    private static final SecureRandom NUMBERS = new SecureRandom();

    private static final Logger LOG = LoggerFactory.getLogger(RecordScan.class);

    private final CollectionFinder collections;
    private final QueryExecutor executor;
    private final BufferAllocator allocator;
    private final QueryLimits limits;
    private final Duration timeout;
    private final StreamGate gate;
    private long sentRows;
    private long sentBytes;

    RecordScan(
            CollectionFinder collections,
            QueryExecutor executor,
            BufferAllocator allocator,
            QueryLimits limits,
            Duration timeout,
            StreamGate gate) {
        this.collections = collections;
        this.executor = executor;
        this.allocator = allocator;
        this.limits = limits;
        this.timeout = timeout;
        this.gate = gate;
    }

    void run(Command command, ServerStreamListener stream) {
        command.allow(
                "tenant",
                "database",
                "collection",
                "where",
                "where_document",
                "include",
                "limit",
                "offset",
                "consistency",
                "min_offset");
        Collection collection = gate.await(collections.find(command));
        Filter filter = command.filter(limits);
        Projection projection = command.include(EVERYTHING);
        long offset = command.number("offset", 0, 0, Long.MAX_VALUE / 2);
        long limit = command.number("limit", Long.MAX_VALUE / 2, 0, Long.MAX_VALUE / 2);
        RecordColumns columns = new RecordColumns(projection, collection.dimension());
        Asking asking = new Asking(collection, filter, projection, NUMBERS.nextLong(), Search.consistency(command));
        try (BatchStream records = new BatchStream(gate, stream, allocator, columns.columns())) {
            Hits page = page(asking, offset, (int) Math.min(FIRST_PAGE, limit), Place.FIRST);
            send(page, columns, records);
            int asked = FIRST_PAGE;
            while (page.size() == asked && sentRows < limit) {
                asked = (int) Math.min(pageRows(), limit - sentRows);
                page = page(asking, offset + sentRows, asked, Place.BETWEEN);
                send(page, columns, records);
            }
        } finally {
            release(asking);
        }
    }

    /**
     * @param view number of the view that all pages come from
     * @param consistency of that view
     */
    private record Asking(
            Collection collection, Filter filter, Projection projection, long view, Consistency consistency) {
        /** Asks of the same view; what no filter is needed for need not wait for one. */
        Asking accepting(Filter other) {
            return new Asking(collection, other, projection, view, consistency);
        }

        Query query(long skip, int limit, Place place, Deadline deadline) {
            return new Query.Scan(
                    collection.id(),
                    skip,
                    limit,
                    filter,
                    projection,
                    new Consistency.Pinned(view, place, consistency),
                    deadline);
        }
    }

    private Hits page(Asking asking, long skip, int limit, Place place) {
        Query scan = asking.query(skip, limit, place, Deadline.after(timeout));
        Hits page = gate.await(executor.execute(List.of(scan))).getFirst();
        if (page.partial()) {
            throw new QuiverException(ErrorCode.DEADLINE_EXCEEDED, "a page of records took longer than " + timeout);
        }
        return page;
    }

    /** Also for a caller that has gone; where it fails the executor gives the view back after a time. */
    private void release(Asking asking) {
        executor.execute(List.of(asking.accepting(Filter.ALL).query(0, 0, Place.LAST, Deadline.after(RELEASE_MAX))))
                .timeout(RELEASE_MAX)
                .doOnError(failure -> LOG.debug("a view was not given back", failure))
                .onErrorComplete()
                .block();
    }

    /** The first page is sent even where it is empty, for it says at which log offset the view is. */
    private void send(Hits page, RecordColumns columns, BatchStream records) {
        for (int i = 0; i < page.size(); i++) {
            columns.add(page, i);
            if (columns.sizeBytes() >= BatchStream.BATCH_BYTES) {
                send(page.offset(), columns, records);
            }
        }
        if (columns.count() > 0 || sentRows == 0) {
            send(page.offset(), columns, records);
        }
    }

    private void send(LogOffset offset, RecordColumns columns, BatchStream records) {
        sentRows += columns.count();
        sentBytes += columns.sizeBytes();
        records.send(Command.write(JsonNodeFactory.instance.objectNode().put("offset", offset.value())));
        columns.clear();
    }

    private long pageRows() {
        if (sentRows == 0) {
            return FIRST_PAGE;
        }
        return Math.clamp(PAGE_BYTES * sentRows / sentBytes, 1, PAGE_MAX);
    }
}

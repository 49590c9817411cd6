package io.quiver.flight.service;

import io.quiver.executor.QueryExecutor;
import io.quiver.executor.query.Consistency;
import io.quiver.executor.query.Deadline;
import io.quiver.executor.query.Filter;
import io.quiver.executor.query.Hits;
import io.quiver.executor.query.Projection;
import io.quiver.executor.query.Query;
import io.quiver.flight.StreamGate;
import io.quiver.log.catalog.Collection;
import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.QuiverException;
import java.time.Duration;
import java.util.List;
import org.apache.arrow.flight.FlightProducer.ServerStreamListener;
import org.apache.arrow.flight.Ticket;
import org.apache.arrow.memory.BufferAllocator;

/**
 * One {@code DoGet}: records in order of insertion, page by page. Each page is a view of its own, so records that are
 * deleted meanwhile may shift later pages. A page is as large as those before suggest will fit a few batches.
 */
final class RecordScan {
    static final List<String> EVERYTHING = List.of("embeddings", "documents", "uris", "metadatas");

    private static final int FIRST_PAGE = 256;
    private static final int PAGE_MAX = 10_000;
    private static final long PAGE_BYTES = 4 << 20;

    private final CollectionFinder collections;
    private final QueryExecutor executor;
    private final BufferAllocator allocator;
    private final Duration timeout;
    private final StreamGate gate;
    private long sentRows;
    private long sentBytes;

    RecordScan(
            CollectionFinder collections,
            QueryExecutor executor,
            BufferAllocator allocator,
            Duration timeout,
            StreamGate gate) {
        this.collections = collections;
        this.executor = executor;
        this.allocator = allocator;
        this.timeout = timeout;
        this.gate = gate;
    }

    void run(Ticket ticket, ServerStreamListener stream) {
        Command command = Command.read(
                ticket.getBytes(),
                "tenant",
                "database",
                "collection",
                "where",
                "where_document",
                "include",
                "limit",
                "offset");
        Collection collection = gate.await(collections.find(command));
        Filter filter = command.filter();
        Projection projection = command.include(EVERYTHING);
        long offset = command.number("offset", 0, 0, Long.MAX_VALUE / 2);
        long limit = command.number("limit", Long.MAX_VALUE / 2, 0, Long.MAX_VALUE / 2);
        RecordColumns columns = new RecordColumns(projection, collection.dimension());
        try (BatchStream records = new BatchStream(gate, stream, allocator, columns.columns())) {
            boolean hasMore = limit > 0;
            while (hasMore) {
                int asked = (int) Math.min(pageRows(), limit - sentRows);
                Hits page = page(collection, offset + sentRows, asked, filter, projection);
                send(page, columns, records);
                hasMore = page.size() == asked && sentRows < limit;
            }
        }
    }

    private Hits page(Collection collection, long skip, int limit, Filter filter, Projection projection) {
        Query scan = new Query.Scan(
                collection.id(), skip, limit, filter, projection, Consistency.STRONG, Deadline.after(timeout));
        Hits page = gate.await(executor.execute(List.of(scan))).getFirst();
        if (page.partial()) {
            throw new QuiverException(ErrorCode.DEADLINE_EXCEEDED, "a page of records took longer than " + timeout);
        }
        return page;
    }

    private void send(Hits page, RecordColumns columns, BatchStream records) {
        for (int i = 0; i < page.size(); i++) {
            columns.add(page, i);
            if (i == page.size() - 1 || columns.sizeBytes() >= BatchStream.BATCH_BYTES) {
                sentRows += columns.count();
                sentBytes += columns.sizeBytes();
                records.send(null);
                columns.clear();
            }
        }
    }

    private long pageRows() {
        if (sentRows == 0) {
            return FIRST_PAGE;
        }
        return Math.clamp(PAGE_BYTES * sentRows / sentBytes, 1, PAGE_MAX);
    }
}

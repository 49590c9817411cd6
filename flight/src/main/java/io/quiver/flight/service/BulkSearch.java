package io.quiver.flight.service;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quiver.executor.QueryExecutor;
import io.quiver.executor.query.Hits;
import io.quiver.executor.query.QueryLimits;
import io.quiver.flight.FlightErrors;
import io.quiver.flight.FlightRights;
import io.quiver.flight.StreamGate;
import io.quiver.log.catalog.Collection;
import io.quiver.log.record.LogOffset;
import java.time.Duration;
import java.util.List;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.FlightProducer.ServerStreamListener;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.memory.BufferAllocator;

/**
 * One {@code DoExchange}: each batch of vectors is searched as a whole, in one view; several batches are under way at
 * once and answered as they become ready.
 *
 * <p>The thread that serves the call reads and submits, a second one writes; both wait at the gate, and the first
 * leaves last.
 */
final class BulkSearch {
    static final String VECTOR = "vector";
    static final String QUERY_ID = "query_id";

    private final CollectionFinder collections;
    private final ReadTurns reads;
    private final QueryExecutor executor;
    private final BufferAllocator allocator;
    private final QueryLimits limits;
    private final Duration timeout;
    private final StreamGate gate;
    private final SearchWindow window;

    BulkSearch(
            CollectionFinder collections,
            ReadTurns reads,
            FlightRights rights,
            BufferAllocator allocator,
            QueryLimits limits,
            Duration timeout,
            StreamGate gate) {
        this.collections = collections;
        this.reads = reads;
        this.executor = rights.narrowed(reads.ofCall());
        this.allocator = allocator;
        this.limits = limits;
        this.timeout = timeout;
        this.gate = gate;
        this.window = new SearchWindow(gate);
    }

    void run(FlightStream vectors, ServerStreamListener stream) {
        Search search = search(gate.descriptor(vectors));
        HitsColumns columns = new HitsColumns(
                search.projection(),
                search.estimateRecall(),
                search.collection().dimension());
        try (BatchStream answers = new BatchStream(gate, stream, allocator, columns.columns())) {
            Thread writing = Thread.ofVirtual()
                    .name("flight-answers")
                    .start(() -> window.drain(answer -> write(answer, columns, answers)));
            try {
                read(new QueryReader(search, limits, timeout), vectors);
            } finally {
                window.endInput();
                awaitEnd(writing);
                window.close();
            }
        }
        Throwable failure = window.failure();
        if (failure != null) {
            throw FlightErrors.toRefusal(failure);
        }
        gate.refuseIfStopping();
    }

    private void read(QueryReader reader, FlightStream vectors) {
        while (window.failure() == null && gate.next(vectors)) {
            QueryReader.Batch batch = reader.read(vectors.getRoot());
            if (!batch.queries().isEmpty()) {
                window.submit(executor.execute(batch.queries()), batch.ids(), batch.hitsMax());
            }
        }
    }

    private Search search(FlightDescriptor descriptor) {
        Command command = descriptor.isCommand()
                ? Command.read(descriptor.getCommand(), Search.FIELDS)
                : Command.read(new byte[0]);
        Collection collection =
                gate.await(descriptor.isCommand() ? collections.find(command) : collections.find(descriptor));
        reads.requireRoom(collection);
        return Search.of(collection, command, limits, timeout);
    }

    private static void write(SearchWindow.Answer answer, HitsColumns columns, BatchStream answers) {
        List<Hits> hits = answer.hits();
        boolean isPartial = hits.stream().anyMatch(Hits::partial);
        for (int i = 0; i < hits.size(); i++) {
            columns.add(answer.ids()[i], hits.get(i));
            if (endsView(hits, i) || columns.sizeBytes() >= BatchStream.BATCH_BYTES) {
                answers.send(about(hits.get(i).offset(), isPartial));
                columns.clear();
            }
        }
    }

    /** Rows that ask for different states are answered in batches of their own, each with its offset. */
    private static boolean endsView(List<Hits> hits, int i) {
        return i == hits.size() - 1
                || !hits.get(i).offset().equals(hits.get(i + 1).offset());
    }

    private static byte[] about(LogOffset offset, boolean isPartial) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("offset", offset.value());
        if (isPartial) {
            json.put("partial", true);
        }
        return Command.write(json);
    }

    /** The writing thread ends when the caller has gone or everything is sent. */
    private static void awaitEnd(Thread writing) {
        boolean isInterrupted = false;
        while (true) {
            try {
                writing.join();
                break;
            } catch (InterruptedException e) {
                isInterrupted = true;
                writing.interrupt();
            }
        }
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
    }
}

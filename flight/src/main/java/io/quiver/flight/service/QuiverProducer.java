package io.quiver.flight.service;

import io.quiver.executor.QueryExecutor;
import io.quiver.flight.FlightErrors;
import io.quiver.flight.StreamGate;
import io.quiver.log.Log;
import io.quiver.log.RecordWriter;
import io.quiver.log.catalog.Catalog;
import io.quiver.log.record.CollectionId;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.apache.arrow.flight.Action;
import org.apache.arrow.flight.ActionType;
import org.apache.arrow.flight.Criteria;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.FlightInfo;
import org.apache.arrow.flight.FlightProducer;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.Location;
import org.apache.arrow.flight.PutResult;
import org.apache.arrow.flight.Result;
import org.apache.arrow.flight.Ticket;
import org.apache.arrow.memory.BufferAllocator;
import reactor.core.publisher.Mono;

/** Hands each kind of call to the class that serves it, and every failure to {@link FlightErrors}. */
final class QuiverProducer implements FlightProducer {
    private final CollectionFinder collections;
    private final RecordWriter writer;
    private final QueryExecutor executor;
    private final BufferAllocator allocator;
    private final Duration timeout;
    private final Executor scans;
    private final Listing listing;
    private final Actions actions;
    private final ChangeFeeds feeds;

    /** {@code scans} gives each scan a thread, for gRPC's own must be free to tell it that there is room. */
    QuiverProducer(
            Catalog catalog,
            Log log,
            RecordWriter writer,
            QueryExecutor executor,
            Function<CollectionId, Mono<Void>> compaction,
            BufferAllocator allocator,
            Duration timeout,
            Executor scans) {
        this.collections = new CollectionFinder(catalog);
        this.writer = writer;
        this.executor = executor;
        this.allocator = allocator;
        this.timeout = timeout;
        this.scans = scans;
        this.listing = new Listing(catalog, executor, timeout);
        this.feeds = new ChangeFeeds(log, catalog, collections, executor, allocator, timeout);
        this.actions = new Actions(catalog, collections, executor, compaction, timeout);
    }

    @Override
    public void listFlights(CallContext context, Criteria criteria, StreamListener<FlightInfo> flights) {
        StreamGate gate = StreamGate.current();
        answer(flights, () -> {
            var found = gate.await(listing.all(criteria.getExpression(), here()).collectList());
            found.forEach(flights::onNext);
        });
    }

    @Override
    public FlightInfo getFlightInfo(CallContext context, FlightDescriptor descriptor) {
        StreamGate gate = StreamGate.current();
        try {
            return gate.await(collections.find(descriptor).flatMap(found -> listing.info(found, descriptor, here())));
        } catch (RuntimeException e) {
            throw FlightErrors.toFlight(e);
        }
    }

    @Override
    public void getStream(CallContext context, Ticket ticket, ServerStreamListener records) {
        StreamGate gate = StreamGate.current();
        scans.execute(() -> serve(gate, records, () -> get(Command.readAny(ticket.getBytes()), gate, records)));
    }

    @Override
    public Runnable acceptPut(CallContext context, FlightStream upload, StreamListener<PutResult> acknowledgements) {
        StreamGate gate = StreamGate.current();
        return () -> {
            try (gate) {
                new BulkLoad(collections, writer, allocator, gate, upload, acknowledgements).run();
            }
        };
    }

    @Override
    public void doExchange(CallContext context, FlightStream vectors, ServerStreamListener answers) {
        StreamGate gate = StreamGate.current();
        serve(
                gate,
                answers,
                () -> new BulkSearch(collections, executor, allocator, timeout, gate).run(vectors, answers));
    }

    @Override
    public void doAction(CallContext context, Action action, StreamListener<Result> results) {
        StreamGate gate = StreamGate.current();
        answer(results, () -> results.onNext(new Result(actions.run(action, gate))));
    }

    @Override
    public void listActions(CallContext context, StreamListener<ActionType> types) {
        answer(types, () -> Actions.TYPES.forEach(types::onNext));
    }

    private void get(Command command, StreamGate gate, ServerStreamListener stream) {
        if (command.node(ChangeFeed.AFTER) == null) {
            new RecordScan(collections, executor, allocator, timeout, gate).run(command, stream);
        } else {
            feeds.run(command, gate, stream);
        }
    }

    private static void serve(StreamGate gate, ServerStreamListener stream, Runnable work) {
        try (gate) {
            work.run();
            stream.completed();
        } catch (RuntimeException e) {
            stream.error(FlightErrors.toFlight(e));
        }
    }

    private static void answer(StreamListener<?> results, Runnable work) {
        try {
            work.run();
            results.onCompleted();
        } catch (RuntimeException e) {
            results.onError(FlightErrors.toFlight(e));
        }
    }

    /** Tickets are good on the connection that gave them. */
    private static Location here() {
        return Location.reuseConnection();
    }
}

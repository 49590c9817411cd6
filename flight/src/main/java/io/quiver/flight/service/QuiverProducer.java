package io.quiver.flight.service;

import io.quiver.executor.query.QueryLimits;
import io.quiver.flight.CallTimeout;
import io.quiver.flight.CallTrace;
import io.quiver.flight.FlightErrors;
import io.quiver.flight.FlightRights;
import io.quiver.flight.StreamGate;
import io.quiver.log.Log;
import io.quiver.log.RecordWriter;
import io.quiver.log.catalog.Catalog;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
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

/** Hands each kind of call to the class that serves it, and every failure to {@link FlightErrors}. */
final class QuiverProducer implements FlightProducer {
    static final String LIST = "ListFlights";
    private static final String INFO = "GetFlightInfo";
    private static final String SCAN = "DoGet";
    private static final String FOLLOW = "DoGet changes";
    private static final String LOAD = "DoPut";
    private static final String SEARCH = "DoExchange";

    static final List<String> OPERATIONS = Stream.concat(
                    Stream.of(LIST, INFO, SCAN, FOLLOW, LOAD, SEARCH, "ListActions"),
                    Actions.TYPES.stream().map(ActionType::getType))
            .toList();

    private final Catalog catalog;
    private final RecordWriter writer;
    private final WriteTurns turns;
    private final ReadTurns reads;
    private final BufferAllocator allocator;
    private final QueryLimits limits;
    private final Duration timeout;
    private final Executor scans;
    private final Maintenance maintenance;
    private final ChangeFeeds feeds;

    /**
     * @param scans gives each scan a thread, for gRPC's own must be free to tell it that there is room
     */
    QuiverProducer(
            Catalog catalog,
            Log log,
            RecordWriter writer,
            WriteTurns turns,
            ReadTurns reads,
            Maintenance maintenance,
            BufferAllocator allocator,
            QueryLimits limits,
            Duration timeout,
            Executor scans) {
        this.catalog = catalog;
        this.maintenance = maintenance;
        this.writer = writer;
        this.turns = turns;
        this.reads = reads;
        this.allocator = allocator;
        this.limits = limits;
        this.timeout = timeout;
        this.scans = scans;
        this.feeds = new ChangeFeeds(log, catalog, reads, allocator, timeout);
    }

    @Override
    public void listFlights(CallContext context, Criteria criteria, StreamListener<FlightInfo> flights) {
        StreamGate gate = StreamGate.current();
        Listing listing = listing();
        answer(flights, () -> {
            var found = gate.await(listing.all(criteria.getExpression(), here()).collectList());
            found.forEach(flights::onNext);
        });
    }

    @Override
    public FlightInfo getFlightInfo(CallContext context, FlightDescriptor descriptor) {
        StreamGate gate = StreamGate.current();
        try {
            Listing listing = listing();
            return gate.await(
                    collections(INFO).find(descriptor).flatMap(found -> listing.info(found, descriptor, here())));
        } catch (RuntimeException e) {
            throw FlightErrors.toFlight(e);
        }
    }

    @Override
    public void getStream(CallContext context, Ticket ticket, ServerStreamListener records) {
        StreamGate gate = StreamGate.current();
        FlightRights rights = FlightRights.current();
        Duration patience = CallTimeout.current(timeout);
        scans.execute(CallTrace.keptIn(() ->
                serve(gate, records, () -> get(Command.readAny(ticket.getBytes()), rights, patience, gate, records))));
    }

    @Override
    public Runnable acceptPut(CallContext context, FlightStream upload, StreamListener<PutResult> acknowledgements) {
        StreamGate gate = StreamGate.current();
        CollectionFinder collections = collections(LOAD);
        Duration patience = CallTimeout.current(timeout);
        return () -> {
            try (gate) {
                new BulkLoad(collections, writer, turns, patience, allocator, gate, upload, acknowledgements).run();
            }
        };
    }

    @Override
    public void doExchange(CallContext context, FlightStream vectors, ServerStreamListener answers) {
        StreamGate gate = StreamGate.current();
        serve(
                gate,
                answers,
                () -> new BulkSearch(
                                collections(SEARCH), reads, FlightRights.current(), allocator, limits, timeout, gate)
                        .run(vectors, answers));
    }

    @Override
    public void doAction(CallContext context, Action action, StreamListener<Result> results) {
        StreamGate gate = StreamGate.current();
        Actions actions = new Actions(catalog, FlightRights.current(), reads.ofCall(), maintenance, limits, timeout);
        answer(results, () -> results.onNext(new Result(actions.run(action, gate))));
    }

    @Override
    public void listActions(CallContext context, StreamListener<ActionType> types) {
        answer(types, () -> Actions.TYPES.forEach(types::onNext));
    }

    private void get(
            Command command, FlightRights rights, Duration patience, StreamGate gate, ServerStreamListener stream) {
        if (command.node(ChangeFeed.AFTER) == null) {
            CollectionFinder collections = new CollectionFinder(catalog, rights, SCAN);
            new RecordScan(collections, rights.narrowed(reads.ofCall()), allocator, limits, patience, gate)
                    .run(command, stream);
        } else {
            feeds.run(new CollectionFinder(catalog, rights, FOLLOW), command, gate, stream);
        }
    }

    private Listing listing() {
        return new Listing(catalog, reads.ofCall(), FlightRights.current(), CallTimeout.current(timeout));
    }

    private CollectionFinder collections(String operation) {
        return new CollectionFinder(catalog, FlightRights.current(), operation);
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

package io.quiver.flight.service;

import io.quiver.executor.query.QueryLimits;
import io.quiver.flight.FlightAddress;
import io.quiver.flight.FlightHost;
import io.quiver.flight.FlightMemory;
import io.quiver.flight.FlightPort;
import io.quiver.log.Log;
import io.quiver.log.RecordWriter;
import io.quiver.log.catalog.Catalog;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.arrow.memory.BufferAllocator;

/**
 * The Flight service for callers, on a port.
 *
 * <p>Safe on every thread. Owns its share of the memory, and nothing else of what it is given.
 */
public final class QuiverFlightServer implements AutoCloseable {
    /** Every operation of {@link io.quiver.flight.FlightRights}. */
    public static final List<String> OPERATIONS = QuiverProducer.OPERATIONS;

    private final BufferAllocator allocator;
    private final ExecutorService scans;
    private final FlightHost host;

    private QuiverFlightServer(BufferAllocator allocator, ExecutorService scans, FlightHost host) {
        this.allocator = allocator;
        this.scans = scans;
        this.host = host;
    }

    /**
     * Starts serving; throws {@link java.io.UncheckedIOException} when the port cannot be had.
     *
     * @param turns of uploads, see {@link WriteTurns}
     * @param reads answers all reads, see {@link ReadTurns}
     * @param queries what one query may ask
     */
    public static QuiverFlightServer start(
            FlightPort port,
            Catalog catalog,
            Log log,
            RecordWriter writer,
            WriteTurns turns,
            ReadTurns reads,
            Maintenance maintenance,
            FlightMemory memory,
            QueryLimits queries) {
        BufferAllocator allocator = memory.child("flight-server");
        ExecutorService scans = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("flight-scan-", 0).factory());
        try {
            QuiverProducer producer = new QuiverProducer(
                    catalog,
                    log,
                    writer,
                    turns,
                    reads,
                    maintenance,
                    allocator,
                    queries,
                    port.limits().callMax(),
                    scans);
            FlightHost host = FlightHost.start(port, producer, allocator, FlightHost.Calls.MAY_WAIT);
            return new QuiverFlightServer(allocator, scans, host);
        } catch (RuntimeException e) {
            scans.close();
            allocator.close();
            throw e;
        }
    }

    /** The port that is served. */
    public int port() {
        return switch (host.address()) {
            case FlightAddress.InProcess _ -> throw new IllegalStateException("there is no port inside one process");
            case FlightAddress.Tcp tcp -> tcp.port();
        };
    }

    /** Bytes outside the heap that its calls hold. */
    long usedBytes() {
        return allocator.getAllocatedMemory();
    }

    /** Calls whose callers went away, or did not want to wait any longer, before the end. */
    public long cancelledCount() {
        return host.cancelledCount();
    }

    FlightAddress address() {
        return host.address();
    }

    /** Refuses new calls, lets open ones finish for a while, then cuts them off. */
    @Override
    public void close() {
        host.close();
        scans.close();
        allocator.close();
    }
}

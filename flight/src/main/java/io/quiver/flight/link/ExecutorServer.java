package io.quiver.flight.link;

import io.quiver.executor.QueryExecutor;
import io.quiver.flight.FlightAddress;
import io.quiver.flight.FlightHost;
import io.quiver.flight.FlightLimits;
import io.quiver.flight.FlightMemory;
import io.quiver.flight.FlightPort;
import io.quiver.flight.StreamGate;
import java.time.Duration;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.NoOpFlightProducer;
import org.apache.arrow.memory.BufferAllocator;

/**
 * Offers a {@link QueryExecutor} at an address, to {@link ExecutorLink}s.
 *
 * <p>Safe on every thread. Owns its share of the memory, not the executor. Close the links first: open exchanges are
 * cut off.
 */
public final class ExecutorServer implements AutoCloseable {
    private static final int LINKS_MAX = 256;
    private static final Duration DRAIN = Duration.ofMillis(500);

    private final BufferAllocator allocator;
    private final FlightHost host;

    private ExecutorServer(BufferAllocator allocator, FlightHost host) {
        this.allocator = allocator;
        this.host = host;
    }

    /** Throws {@link java.io.UncheckedIOException} when the address cannot be had. */
    public static ExecutorServer start(FlightAddress address, QueryExecutor executor, FlightMemory memory) {
        return start(address, executor, memory, LinkLimits.DEFAULT);
    }

    static ExecutorServer start(FlightAddress address, QueryExecutor executor, FlightMemory memory, LinkLimits limits) {
        BufferAllocator allocator = memory.child("executor-server");
        try {
            Producer producer = new Producer(executor, allocator, limits);
            FlightPort port = FlightPort.open(address, FlightLimits.DEFAULT.withCallsMax(LINKS_MAX), DRAIN);
            FlightHost host = FlightHost.start(port, producer, allocator, FlightHost.Calls.NEVER_WAIT);
            return new ExecutorServer(allocator, host);
        } catch (RuntimeException e) {
            allocator.close();
            throw e;
        }
    }

    /** Where it is offered, with the port that was taken. */
    public FlightAddress address() {
        return host.address();
    }

    @Override
    public void close() {
        host.close();
        allocator.close();
    }

    private static final class Producer extends NoOpFlightProducer {
        private final QueryExecutor executor;
        private final BufferAllocator allocator;
        private final LinkLimits limits;

        Producer(QueryExecutor executor, BufferAllocator allocator, LinkLimits limits) {
            this.executor = executor;
            this.allocator = allocator;
            this.limits = limits;
        }

        @Override
        public void doExchange(CallContext context, FlightStream requests, ServerStreamListener answers) {
            ServedExchange exchange = new ServedExchange(executor, allocator, answers, limits);
            try (StreamGate gate = StreamGate.current()) {
                exchange.serve(requests, gate);
            }
        }
    }
}

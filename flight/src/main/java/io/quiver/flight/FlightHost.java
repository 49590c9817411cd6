package io.quiver.flight;

import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.ServerServiceDefinition;
import io.grpc.inprocess.InProcessServerBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.flight.FlightGrpcUtils;
import org.apache.arrow.flight.FlightProducer;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Offers one Flight service at one address.
 *
 * <p>Each stream is served by a virtual thread of its own, and so is each callback of gRPC where the service may wait
 * in it; the number of open calls is bounded. The allocator belongs to whoever starts the host, who closes it
 * afterwards.
 */
public final class FlightHost implements AutoCloseable {
    private static final Duration ABORT = Duration.ofSeconds(3);
    private static final Logger LOG = LoggerFactory.getLogger(FlightHost.class);

    /** Whether the service may wait in calls that are not streams. */
    public enum Calls {
        NEVER_WAIT,
        MAY_WAIT
    }

    private final FlightAddress address;
    private final Server server;
    private final CallGuard guard;
    private final ExecutorService threads;
    private final @Nullable GuardedPort port;
    private final Duration drain;

    private FlightHost(
            FlightAddress address,
            Server server,
            CallGuard guard,
            ExecutorService threads,
            @Nullable GuardedPort port,
            Duration drain) {
        this.address = address;
        this.server = server;
        this.guard = guard;
        this.threads = threads;
        this.port = port;
        this.drain = drain;
    }

    /** Starts serving; throws {@link UncheckedIOException} when the port cannot be had. */
    @SuppressWarnings(
            "deprecation") // Arrow's one way to a service outside of its own server takes a deprecated handler
    public static FlightHost start(FlightPort asked, FlightProducer producer, BufferAllocator allocator, Calls calls) {
        FlightAddress address = asked.address();
        FlightLimits limits = asked.limits();
        ExecutorService threads = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("flight-", 0).factory());
        CallGuard guard = new CallGuard(limits.callsMax(), limits.stallMax());
        GuardedPort port = address instanceof FlightAddress.Tcp ? new GuardedPort(limits) : null;
        // The last is the first that a call comes to.
        ServerBuilder<?> builder = builder(address, asked.tls(), port)
                .executor(calls == Calls.MAY_WAIT ? threads : Runnable::run)
                .intercept(guard)
                .intercept(new CallerCheck(asked.access()))
                .intercept(new CallTimer(asked.observer()))
                .intercept(new CallTrace())
                .intercept(new TransportEnd.Guard(caller -> port == null ? null : port.connection(caller)))
                .addService(service(
                        address,
                        FlightGrpcUtils.createFlightService(
                                allocator, producer, org.apache.arrow.flight.auth.ServerAuthHandler.NO_OP, threads)));
        try {
            Server server = builder.build().start();
            return new FlightHost(taken(address, server), server, guard, threads, port, asked.drain());
        } catch (IOException e) {
            threads.close();
            closePort(port);
            throw new UncheckedIOException("cannot serve Flight at " + address, e);
        }
    }

    /** Where it is served, with the port that was taken. */
    public FlightAddress address() {
        return address;
    }

    /** Calls whose callers went away, or did not want to wait any longer, before the end. */
    public long cancelledCount() {
        return guard.cancelledCount();
    }

    /** Refuses new calls, lets open ones finish what they have at hand, and cuts off those that take too long. */
    @Override
    public void close() {
        server.shutdown();
        guard.stop();
        try {
            if (!server.awaitTermination(drain.toMillis(), TimeUnit.MILLISECONDS)) {
                server.shutdownNow();
                server.awaitTermination(ABORT.toMillis(), TimeUnit.MILLISECONDS);
            }
            threads.shutdown();
            if (!threads.awaitTermination(ABORT.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("Flight calls at {} did not end", address);
                threads.shutdownNow();
            }
        } catch (InterruptedException e) {
            server.shutdownNow();
            threads.shutdownNow();
            Thread.currentThread().interrupt();
        } finally {
            closePort(port);
        }
    }

    /** What comes from outside of the process is checked. */
    private static ServerServiceDefinition service(FlightAddress address, BindableService service) {
        return switch (address) {
            case FlightAddress.InProcess _ -> service.bindService();
            case FlightAddress.Tcp _ -> CheckedMessages.of(service.bindService());
        };
    }

    private static ServerBuilder<?> builder(
            FlightAddress address, @Nullable FlightTls tls, @Nullable GuardedPort port) {
        return switch (address) {
            case FlightAddress.InProcess(String name) -> InProcessServerBuilder.forName(name);
            case FlightAddress.Tcp(String host, int number) ->
                Objects.requireNonNull(port)
                        .at(new InetSocketAddress(host, number))
                        .sslContext(tls == null ? null : tls.context());
        };
    }

    private static void closePort(@Nullable GuardedPort port) {
        if (port != null) {
            port.close();
        }
    }

    private static FlightAddress taken(FlightAddress asked, Server server) {
        return switch (asked) {
            case FlightAddress.InProcess same -> same;
            case FlightAddress.Tcp(String host, int _) -> new FlightAddress.Tcp(host, server.getPort());
        };
    }
}

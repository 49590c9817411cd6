package io.quiver.gateway.stream;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quiver.gateway.http.StreamHost;
import io.quiver.log.catalog.Collection;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.ServerWebSocket;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * All streams of one gateway: lets them in, as many as it may have, and ends them with the server.
 *
 * <p>Safe on every thread. Figures: {@code quiver_stream_connections}, {@code quiver_stream_buffered_bytes}, and {@code
 * quiver_stream_cut_off_total} by close code.
 */
public final class StreamDoor implements StreamHost, AutoCloseable {
    /** How long callers have to say farewell when the server ends. */
    private static final Duration FAREWELL = Duration.ofSeconds(1);

    private final Vertx vertx;
    private final StreamParts parts;
    private final Map<Closing, Counter> cutOff = new EnumMap<>(Closing.class);
    private final Set<StreamConnection> connections = ConcurrentHashMap.newKeySet();
    private final Counter cancelled;

    public StreamDoor(Vertx vertx, StreamParts parts, MeterRegistry meters) {
        this.vertx = vertx;
        this.parts = parts;
        Gauge.builder("quiver.stream.connections", connections, Set::size)
                .description("WebSockets that are open")
                .register(meters);
        Gauge.builder("quiver.stream.buffered.bytes", connections, StreamDoor::bufferedBytes)
                .description("Answers that wait for callers of WebSockets")
                .register(meters);
        cancelled = Counter.builder("quiver.cancelled")
                .description("Requests whose callers went away before the answer; their work was stopped")
                .tag("door", "websocket")
                .register(meters);
        for (Closing closing : Closing.values()) {
            cutOff.put(closing, counter(meters, closing));
        }
    }

    private static Counter counter(MeterRegistry meters, Closing closing) {
        return Counter.builder("quiver.stream.cut.off")
                .description("Streams that the server ended, by close code")
                .tag("code", Short.toString(closing.code()))
                .register(meters);
    }

    @Override
    public void accept(ServerWebSocket socket, Collection collection, Runnable sever) {
        if (connections.size() >= parts.settings().connectionsMax()) {
            count(Closing.FULL);
            socket.close(Closing.FULL.code(), Closing.FULL.reason());
            return;
        }
        StreamConnection connection =
                new StreamConnection(vertx.getOrCreateContext(), socket, sever, collection, parts, this::count);
        connections.add(connection);
        connection.open(unanswered -> {
            cancelled.increment(unanswered);
            connections.remove(connection);
        });
    }

    private void count(Closing closing) {
        Objects.requireNonNull(cutOff.get(closing)).increment();
    }

    private static double bufferedBytes(Set<StreamConnection> connections) {
        return connections.stream().mapToLong(StreamConnection::bufferedBytes).sum();
    }

    /** Tells every caller that the server ends, and waits a moment for them. Not on an event loop. */
    @Override
    public void close() {
        Future<?> closed = Future.join(
                connections.stream().map(StreamConnection::endWithServer).toList());
        try {
            closed.toCompletionStage().toCompletableFuture().get(FAREWELL.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            // who does not answer is cut off together with the event loops
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

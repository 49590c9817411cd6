package io.quiver.gateway.server;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import io.quiver.executor.query.SearchStage;
import io.quiver.flight.CallObserver;
import io.quiver.flight.TraceContext;
import io.quiver.gateway.http.RequestObserver;
import io.quiver.gateway.stream.QuestionObserver;
import io.quiver.log.record.ErrorCode;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What callers ask at each door, how it ends and after how long. Labels are bounded: routes by their templates,
 * statuses of HTTP by their class, those of the other doors by their names. Safe on every thread.
 */
final class RequestMeters implements RequestObserver, CallObserver, QuestionObserver {
    /** A caller may make up any method, a label may not take any value. */
    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

    private static final int STATUS_CLASS = 100;

    /** The status of who sends a body too slowly. */
    private static final int TOO_SLOW = 408;

    private static final String ANSWERED = "OK";

    private final ServerMeters meters;
    private final Map<Kind, Timer> timers = new ConcurrentHashMap<>();
    private final Counter gone;
    private final Counter stalled;
    private final Counter slowBodies;

    /** What has a histogram of its own. */
    private sealed interface Kind {
        record Http(String method, String route, int statusClass) implements Kind {}

        record Flight(String method, String status) implements Kind {}

        record Stream(String status) implements Kind {}
    }

    RequestMeters(ServerMeters meters) {
        this.meters = meters;
        gone = Counter.builder(ServerMeters.CANCELLED)
                .description(ServerMeters.CANCELLED_MEANING)
                .tag("door", "http")
                .register(meters.registry());
        slowBodies = Counter.builder("quiver.connections.closed")
                .description("HTTP connections that the server ended by itself")
                .tag("reason", "slow-body")
                .register(meters.registry());
        stalled = Counter.builder("quiver.stalled")
                .description("Callers cut off because they took no more of their answers")
                .tag("door", "http")
                .register(meters.registry());
    }

    @Override
    public void ended(String method, String route, int status, Duration duration, TraceContext trace) {
        switch (status) {
            case RequestObserver.CLIENT_GONE -> gone.increment();
            case RequestObserver.CLIENT_STALLED -> stalled.increment();
            case TOO_SLOW -> slowBodies.increment();
            default -> {}
        }
        String known = METHODS.contains(method) ? method : "other";
        record(new Kind.Http(known, route, status / STATUS_CLASS), duration, trace);
    }

    @Override
    public void ended(String method, String status, Duration duration, TraceContext trace) {
        record(new Kind.Flight(method, status), duration, trace);
    }

    @Override
    public void ended(@Nullable ErrorCode failure, Duration duration, TraceContext trace) {
        record(new Kind.Stream(failure == null ? ANSWERED : failure.name()), duration, trace);
    }

    @Override
    public void spent(String route, SearchStage stage, long nanos) {
        if (route.endsWith("/query") || route.endsWith("/search")) {
            meters.spent(stage, nanos);
        }
    }

    private void record(Kind kind, Duration duration, TraceContext trace) {
        meters.exemplars().record(timers.computeIfAbsent(kind, this::timer), duration, trace);
    }

    private Timer timer(Kind kind) {
        return switch (kind) {
            case Kind.Http http ->
                Histograms.of("quiver.http.request", "From the head of a request to the end of its answer")
                        .tag("method", http.method())
                        .tag("route", http.route())
                        .tag("status", http.statusClass() + "xx")
                        .register(meters.registry());
            case Kind.Flight flight ->
                Histograms.of("quiver.flight.call", "From the head of a call to its end")
                        .tag("method", flight.method())
                        .tag("status", flight.status())
                        .register(meters.registry());
            case Kind.Stream stream ->
                Histograms.of("quiver.stream.query", "From a query of a WebSocket to its answer")
                        .tag("status", stream.status())
                        .register(meters.registry());
        };
    }
}

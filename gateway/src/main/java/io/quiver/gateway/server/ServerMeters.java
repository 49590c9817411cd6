package io.quiver.gateway.server;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.quiver.executor.query.SearchStage;
import io.quiver.gateway.http.RequestObserver;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * The meters of one process, and its Prometheus registry. Labels are bounded: routes by their templates, statuses by
 * their class. Safe on every thread. Owns the registry and what listens for garbage collections.
 */
final class ServerMeters implements RequestObserver, AutoCloseable {
    /** Upper bounds of the histograms: five to each factor of 1,000 from 100 us on, as answers are. */
    private static final Duration[] BUCKETS = {
        Duration.ofNanos(100_000),
        Duration.ofNanos(250_000),
        Duration.ofMillis(1),
        Duration.ofNanos(2_500_000),
        Duration.ofMillis(10),
        Duration.ofMillis(25),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofSeconds(1),
        Duration.ofMillis(2_500),
        Duration.ofSeconds(10)
    };

    /** Stages may be shorter than the shortest request. */
    private static final Duration[] STAGE_BUCKETS = Stream.concat(
                    Stream.of(Duration.ofNanos(10_000), Duration.ofNanos(25_000)), Stream.of(BUCKETS))
            .toArray(Duration[]::new);

    /** A caller may make up any method, a label may not take any value. */
    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

    private static final int STATUS_CLASS = 100;

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics collections = new JvmGcMetrics();
    private final Map<RequestKind, Timer> requests = new ConcurrentHashMap<>();
    private final Counter gone;
    private final Counter stalled;
    private final Counter slowBodies;
    private final Timer searches;
    private final Map<SearchStage, Timer> stages = new EnumMap<>(SearchStage.class);
    private final Timer writes;
    private final Counter written;
    private final Timer fsyncs;

    private static final String CANCELLED = "quiver.cancelled";

    private static final String CANCELLED_MEANING =
            "Requests whose callers went away before the answer; their work was stopped";

    /** The status of who sends a body too slowly. */
    private static final int TOO_SLOW = 408;

    private record RequestKind(String method, String route, int statusClass) {}

    ServerMeters() {
        new ClassLoaderMetrics().bindTo(registry);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        collections.bindTo(registry);
        gone = Counter.builder(CANCELLED)
                .description(CANCELLED_MEANING)
                .tag("door", "http")
                .register(registry);
        slowBodies = Counter.builder("quiver.connections.closed")
                .description("HTTP connections that the server ended by itself")
                .tag("reason", "slow-body")
                .register(registry);
        stalled = Counter.builder("quiver.stalled")
                .description("Callers cut off because they took no more of their answers")
                .tag("door", "http")
                .register(registry);
        searches = timer("quiver.executor.request", "From a batch of queries to its hits, as the gateway sees it")
                .register(registry);
        for (SearchStage stage : SearchStage.values()) {
            stages.put(stage, stageTimer(stage));
        }
        writes = timer("quiver.write.ack", "From a checked batch to its acknowledgement")
                .register(registry);
        written = Counter.builder("quiver.write.operations")
                .description("Operations on records that were acknowledged")
                .register(registry);
        fsyncs = timer("quiver.log.fsync", "One force of a log file").register(registry);
    }

    PrometheusMeterRegistry registry() {
        return registry;
    }

    @Override
    public void ended(String method, String route, int status, Duration duration) {
        switch (status) {
            case RequestObserver.CLIENT_GONE -> gone.increment();
            case RequestObserver.CLIENT_STALLED -> stalled.increment();
            case TOO_SLOW -> slowBodies.increment();
            default -> {}
        }
        requests.computeIfAbsent(
                        new RequestKind(METHODS.contains(method) ? method : "other", route, status / STATUS_CLASS),
                        this::requestTimer)
                .record(duration);
    }

    @Override
    public void spent(String route, SearchStage stage, long nanos) {
        if (route.endsWith("/query") || route.endsWith("/search")) {
            spent(stage, nanos);
        }
    }

    /** Requests of another door whose callers went away, as it counts them itself. */
    <T> void countsCancelled(String door, T source, ToDoubleFunction<T> count) {
        FunctionCounter.builder(CANCELLED, source, count)
                .description(CANCELLED_MEANING)
                .tag("door", door)
                .register(registry);
    }

    /** A search has been through a stage. */
    void spent(SearchStage stage, long nanos) {
        Objects.requireNonNull(stages.get(stage)).record(nanos, TimeUnit.NANOSECONDS);
    }

    void searched(Duration duration) {
        searches.record(duration);
    }

    /** @param operationCount of the batch that is durable and visible */
    void acknowledged(int operationCount, Duration duration) {
        writes.record(duration);
        written.increment(operationCount);
    }

    void forced(Duration duration) {
        fsyncs.record(duration);
    }

    private Timer requestTimer(RequestKind kind) {
        return timer("quiver.http.request", "From the head of a request to the end of its answer")
                .tag("method", kind.method())
                .tag("route", kind.route())
                .tag("status", kind.statusClass() + "xx")
                .register(registry);
    }

    private Timer stageTimer(SearchStage stage) {
        return timer("quiver.search", "What searches go through, stage by stage")
                .serviceLevelObjectives(STAGE_BUCKETS)
                .tag("stage", stage.name().toLowerCase(Locale.ROOT))
                .register(registry);
    }

    private static Timer.Builder timer(String name, String description) {
        return Timer.builder(name).description(description).serviceLevelObjectives(BUCKETS);
    }

    @Override
    public void close() {
        collections.close();
        registry.close();
    }
}

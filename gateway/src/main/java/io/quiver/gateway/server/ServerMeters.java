package io.quiver.gateway.server;

import io.micrometer.core.instrument.Clock;
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
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.quiver.executor.query.SearchStage;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/**
 * The meters of one process, and its Prometheus registry. Safe on every thread. Owns the registry and what listens for
 * garbage collections.
 */
final class ServerMeters implements AutoCloseable {
    static final String CANCELLED = "quiver.cancelled";

    static final String CANCELLED_MEANING =
            "Requests whose callers went away before the answer; their work was stopped";

    private final Exemplars exemplars = new Exemplars();
    private final PrometheusMeterRegistry registry =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT, new PrometheusRegistry(), Clock.SYSTEM, exemplars);
    private final JvmGcMetrics collections = new JvmGcMetrics();
    private final Timer searches;
    private final Map<SearchStage, Timer> stages = new EnumMap<>(SearchStage.class);
    private final Timer writes;
    private final Counter written;
    private final Timer fsyncs;

    ServerMeters() {
        new ClassLoaderMetrics().bindTo(registry);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        collections.bindTo(registry);
        searches = Histograms.of(
                        "quiver.executor.request", "From a batch of queries to its hits, as the gateway sees it")
                .register(registry);
        for (SearchStage stage : SearchStage.values()) {
            stages.put(stage, stageTimer(stage));
        }
        writes = Histograms.of("quiver.write.ack", "From a checked batch to its acknowledgement")
                .register(registry);
        written = Counter.builder("quiver.write.operations")
                .description("Operations on records that were acknowledged")
                .register(registry);
        fsyncs = Histograms.of("quiver.log.fsync", "One force of a log file").register(registry);
    }

    PrometheusMeterRegistry registry() {
        return registry;
    }

    /** Asked by whatever records a request. */
    Exemplars exemplars() {
        return exemplars;
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

    private Timer stageTimer(SearchStage stage) {
        return Histograms.ofStages("quiver.search", "What searches go through, stage by stage")
                .tag("stage", stage.name().toLowerCase(Locale.ROOT))
                .register(registry);
    }

    @Override
    public void close() {
        collections.close();
        registry.close();
    }
}

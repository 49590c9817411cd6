package io.quiver.gateway.server;

import io.micrometer.core.instrument.Timer;
import io.prometheus.metrics.tracer.common.SpanContext;
import io.quiver.flight.TraceContext;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Lets buckets of histograms name a request that fell into them, by the trace that its log lines and its answer name
 * too. The registry asks on the thread that records, and takes one every few seconds.
 *
 * <p>Every trace will do, also one that no caller has sampled: the logs have it. Safe on every thread.
 */
final class Exemplars implements SpanContext {
    private static final ThreadLocal<@Nullable TraceContext> RECORDED = new ThreadLocal<>();

    /** Records how long a request took. */
    void record(Timer timer, Duration duration, TraceContext trace) {
        RECORDED.set(trace);
        timer.record(duration);
        RECORDED.remove();
    }

    @Override
    public @Nullable String getCurrentTraceId() {
        TraceContext trace = RECORDED.get();
        return trace == null ? null : trace.traceId();
    }

    @Override
    public @Nullable String getCurrentSpanId() {
        TraceContext trace = RECORDED.get();
        return trace == null ? null : trace.spanId();
    }

    @Override
    public boolean isCurrentSpanSampled() {
        return RECORDED.get() != null;
    }

    @Override
    public void markCurrentSpanAsExemplar() {
        // nobody exports spans
    }
}

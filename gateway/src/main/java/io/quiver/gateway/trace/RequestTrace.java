package io.quiver.gateway.trace;

import io.quiver.executor.query.SearchStage;
import io.quiver.flight.TraceContext;
import reactor.util.context.Context;

/**
 * One request on its way through the gateway: the trace that it belongs to, and how long it was read and kept waiting.
 * Goes along in the subscriber context of its answer.
 *
 * <p>Written by one thread after the other, before the executor is asked.
 */
public final class RequestTrace {
    private final TraceContext context;
    private long parseNanos;
    private long admitNanos;

    public RequestTrace(TraceContext context) {
        this.context = context;
    }

    public TraceContext context() {
        return context;
    }

    public String traceId() {
        return context.traceId();
    }

    /** It has been through a stage; those of the executor are told by the answer. */
    public void passed(SearchStage stage, long nanos) {
        switch (stage) {
            case PARSE -> parseNanos += nanos;
            case ADMIT -> admitNanos += nanos;
            case ROUTE, QUEUE, DELTA, INDEX, MERGE, ENCODE -> {}
        }
    }

    long parseNanos() {
        return parseNanos;
    }

    long admitNanos() {
        return admitNanos;
    }

    /** Lets the executor's part of the way know of this. */
    public Context in(Context subscriber) {
        return subscriber.put(RequestTrace.class, this);
    }
}

package io.quiver.gateway.server;

import io.quiver.executor.ForwardingExecutor;
import io.quiver.executor.QueryExecutor;
import io.quiver.executor.query.Hits;
import io.quiver.executor.query.Query;
import io.quiver.flight.CallTrace;
import io.quiver.flight.TraceContext;
import io.quiver.gateway.trace.RequestTrace;
import io.quiver.gateway.trace.SlowQueryLog;
import io.quiver.log.catalog.QuotaRefusals;
import java.time.Duration;
import java.util.List;
import reactor.core.publisher.Mono;
import reactor.util.context.ContextView;

/**
 * Tells how long each batch took, and the log of those that took long, and counts those that quotas refuse; otherwise
 * the executor that it stands before, which its opener closes.
 */
final class TimedExecutor extends ForwardingExecutor {
    private final ServerMeters meters;
    private final SlowQueryLog slow;
    private final QuotaRefusals quotaRefusals;

    TimedExecutor(QueryExecutor executor, ServerMeters meters, SlowQueryLog slow, QuotaRefusals quotaRefusals) {
        super(executor);
        this.meters = meters;
        this.slow = slow;
        this.quotaRefusals = quotaRefusals;
    }

    @Override
    public Mono<List<Hits>> execute(List<Query> queries) {
        return Mono.deferContextual(context -> {
            long begin = System.nanoTime();
            RequestTrace trace = trace(context);
            return executor.execute(queries)
                    .doOnSuccess(hits -> answered(trace, queries, hits, System.nanoTime() - begin))
                    .doOnError(quotaRefusals::count);
        });
    }

    /** Of a request over HTTP or a WebSocket, else of the Flight call that this thread works for, else a new one. */
    private static RequestTrace trace(ContextView context) {
        RequestTrace trace = context.getOrDefault(RequestTrace.class, null);
        if (trace != null) {
            return trace;
        }
        TraceContext call = CallTrace.current();
        return new RequestTrace(call == null ? TraceContext.begun() : call);
    }

    private void answered(RequestTrace trace, List<Query> queries, List<Hits> hits, long nanos) {
        meters.searched(Duration.ofNanos(nanos));
        slow.answered(trace, queries, hits, nanos);
    }
}

package io.quiver.flight.link;

import io.quiver.executor.query.Hits;
import io.quiver.executor.query.Query;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.MonoSink;

/** A request of this process that has no answer yet. Safe on every thread. */
final class NearRequest implements Asking {
    private final long askedNanos = System.nanoTime();
    private final List<Query> queries;
    private final MonoSink<List<Hits>> sink;
    private @Nullable RunningBatch<NearRequest> batch;
    private volatile boolean hasEnded;

    NearRequest(List<Query> queries, MonoSink<List<Hits>> sink) {
        this.queries = queries;
        this.sink = sink;
    }

    @Override
    public List<Query> queries() {
        return queries;
    }

    /** How long it has waited for a batch, or for its answer. */
    long waitedNanos() {
        return System.nanoTime() - askedNanos;
    }

    boolean hasEnded() {
        return hasEnded;
    }

    /** Goes with a batch; a request that has ended meanwhile is not wanted in it. */
    void join(RunningBatch<NearRequest> next) {
        if (isTooLateFor(next)) {
            next.cancelOne();
        }
    }

    private synchronized boolean isTooLateFor(RunningBatch<NearRequest> next) {
        batch = next;
        return hasEnded;
    }

    /** Nobody waits for the answer any more. */
    void cancel() {
        RunningBatch<NearRequest> left = isEndedNow() ? batch() : null;
        if (left != null) {
            left.cancelOne();
        }
    }

    void succeed(List<Hits> hits) {
        if (isEndedNow()) {
            sink.success(hits);
        }
    }

    void fail(Throwable failure) {
        if (isEndedNow()) {
            sink.error(failure);
        }
    }

    /** True once: for whoever ends it. After that it joins no batch. */
    private synchronized boolean isEndedNow() {
        boolean isFirst = !hasEnded;
        hasEnded = true;
        return isFirst;
    }

    private synchronized @Nullable RunningBatch<NearRequest> batch() {
        return batch;
    }
}

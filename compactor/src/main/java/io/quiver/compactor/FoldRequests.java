package io.quiver.compactor;

import io.quiver.log.record.CollectionId;
import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.QuiverException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/** Callers who wait for a fold, a bounded number of them. Any thread asks, one answers. */
final class FoldRequests {
    private final BlockingQueue<Request> waiting;
    private final Runnable tick;
    private volatile boolean isClosed;

    /** @param tick told after each new request */
    FoldRequests(int requestsMax, Runnable tick) {
        this.waiting = new ArrayBlockingQueue<>(requestsMax);
        this.tick = tick;
    }

    /** Completes as the fold ends. */
    Mono<Void> ask(CollectionId collection) {
        return Mono.create(sink -> {
            if (!waiting.offer(new Request(collection, sink))) {
                sink.error(new QuiverException(ErrorCode.UNAVAILABLE, "Too many compactions wait"));
            }
            tick.run();
            if (isClosed) {
                refuseAll();
            }
        });
    }

    @Nullable Request next() {
        return waiting.poll();
    }

    /** Refuses those who wait and those who come. */
    void close() {
        isClosed = true;
        refuseAll();
    }

    private void refuseAll() {
        for (Request request = next(); request != null; request = next()) {
            request.sink.error(closed());
        }
    }

    static QuiverException closed() {
        return new QuiverException(ErrorCode.UNAVAILABLE, "The compactor is closed");
    }

    record Request(CollectionId collection, MonoSink<Void> sink) {
        void answer(FoldResult result) {
            switch (result) {
                case FoldResult.Failed(var failure) -> sink.error(failure);
                case FoldResult.Nothing _, FoldResult.Published _, FoldResult.Superseded _ -> sink.success();
            }
        }
    }
}

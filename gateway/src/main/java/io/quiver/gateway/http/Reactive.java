package io.quiver.gateway.http;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.function.Consumer;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/** The one bridge from Reactor to Vert.x: what completes on any thread comes back to one event loop. */
public final class Reactive {
    private Reactive() {}

    /**
     * Subscribes at once. The future completes on {@code eventLoop}; with {@code null} where the {@code Mono} is empty;
     * never, if the work is cancelled.
     *
     * @param work given the means to cancel it, before this returns
     */
    public static <T> Future<T> future(Mono<T> mono, Context eventLoop, Consumer<Disposable> work) {
        Promise<T> promise = Promise.promise();
        work.accept(mono.subscribe(
                value -> on(eventLoop, () -> promise.tryComplete(value)),
                failure -> on(eventLoop, () -> promise.tryFail(failure)),
                () -> on(eventLoop, promise::tryComplete)));
        return promise.future();
    }

    /** What was answered at once, on the loop itself, needs no second turn of it. */
    private static void on(Context eventLoop, Runnable action) {
        if (Context.isOnEventLoopThread() && eventLoop.equals(Vertx.currentContext())) {
            action.run();
        } else {
            eventLoop.runOnContext(_ -> action.run());
        }
    }
}

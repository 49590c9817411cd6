package io.quiver.gateway.stream;

import io.quiver.executor.watch.WatchEvent;
import io.vertx.core.Context;
import java.util.function.BiConsumer;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;

/**
 * One standing query of a connection: brings what is told, one event after the other, to the connection's event loop.
 */
final class Watching extends BaseSubscriber<WatchEvent> {
    private final String id;
    private final Context eventLoop;
    private final BiConsumer<Watching, WatchEvent> onEvent;
    private final BiConsumer<Watching, Throwable> onFailure;
    private int wanted;

    Watching(
            String id,
            Context eventLoop,
            BiConsumer<Watching, WatchEvent> onEvent,
            BiConsumer<Watching, Throwable> onFailure) {
        this.id = id;
        this.eventLoop = eventLoop;
        this.onEvent = onEvent;
        this.onFailure = onFailure;
    }

    String id() {
        return id;
    }

    /** It counts for so many records. */
    void wants(int records) {
        wanted = records;
    }

    int wanted() {
        return wanted;
    }

    /** Asks for one more event. */
    void next() {
        request(1);
    }

    @Override
    protected void hookOnSubscribe(Subscription subscription) {
        request(1);
    }

    @Override
    protected void hookOnNext(WatchEvent event) {
        eventLoop.runOnContext(_ -> onEvent.accept(this, event));
    }

    @Override
    protected void hookOnError(Throwable failure) {
        eventLoop.runOnContext(_ -> onFailure.accept(this, failure));
    }
}

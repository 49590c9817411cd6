package io.quiver.executor;

import io.quiver.log.Log;
import io.quiver.log.LogEntry;
import io.quiver.log.record.LogOffset;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Mono;

/**
 * The one thread that changes collections. It follows the log with bounded demand: what is asked for and not yet
 * applied is at most {@code entriesAhead} entries. When the log cannot be read it tries again, from the last entry
 * applied.
 */
final class Applier implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Applier.class);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);
    private static final long CLOSE_SECONDS_MAX = 10;

    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("applier").factory());
    private final int entriesAhead;
    private volatile @Nullable Disposable following;
    private volatile boolean isClosed;

    Applier(int entriesAhead) {
        this.entriesAhead = entriesAhead;
    }

    /** Hands every entry after what {@code applied} says to {@code apply}, on this thread. */
    void follow(Log log, Supplier<LogOffset> applied, Consumer<LogEntry> apply) {
        execute(() -> {
            Follower follower = new Follower(apply, () -> retry(log, applied, apply));
            following = follower;
            log.follow(applied.get()).subscribe(follower);
        });
    }

    /** Runs a change between two entries; completes on this thread. */
    Mono<Void> run(Runnable change) {
        return Mono.fromFuture(() -> CompletableFuture.runAsync(change, thread));
    }

    /** As {@link #run}, for who does not wait; after {@link #close} nothing happens. */
    void execute(Runnable change) {
        try {
            thread.execute(change);
        } catch (RejectedExecutionException closed) {
            LOG.debug("The applier is closed", closed);
        }
    }

    private void retry(Log log, Supplier<LogOffset> applied, Consumer<LogEntry> apply) {
        if (!isClosed) {
            Mono.delay(RETRY_AFTER).subscribe(tick -> follow(log, applied, apply));
        }
    }

    @Override
    public void close() {
        isClosed = true;
        Disposable follower = following;
        if (follower != null) {
            follower.dispose();
        }
        thread.shutdown();
        try {
            if (!thread.awaitTermination(CLOSE_SECONDS_MAX, TimeUnit.SECONDS)) {
                LOG.warn("The applier still works {} s after it was closed", CLOSE_SECONDS_MAX);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private final class Follower extends BaseSubscriber<LogEntry> {
        private final Consumer<LogEntry> apply;
        private final Runnable retry;

        Follower(Consumer<LogEntry> apply, Runnable retry) {
            this.apply = apply;
            this.retry = retry;
        }

        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            request(entriesAhead);
        }

        @Override
        protected void hookOnNext(LogEntry entry) {
            execute(() -> {
                if (!isClosed) {
                    apply.accept(entry);
                    request(1);
                }
            });
        }

        @Override
        protected void hookOnError(Throwable failure) {
            LOG.error("The log cannot be followed; trying again", failure);
            retry.run();
        }
    }
}

package io.quiver.executor;

import static io.quiver.executor.ExecutorFixture.add;
import static io.quiver.executor.ExecutorFixture.delete;
import static io.quiver.executor.ExecutorFixture.upsert;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.executor.query.Filter;
import io.quiver.executor.segment.OffHeapBudget.Owner;
import io.quiver.executor.watch.Neighbour;
import io.quiver.executor.watch.StandingQuery;
import io.quiver.executor.watch.WatchEvent;
import io.quiver.executor.watch.Watcher;
import io.quiver.log.record.CollectionId;
import io.quiver.log.record.Embedding;
import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.LogOffset;
import io.quiver.log.record.QuiverException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;

/** How standing queries begin, fall behind and end. */
class WatchTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private ExecutorFixture fixture;
    private CollectionId id;

    @BeforeEach
    void open(@TempDir Path directory) throws IOException {
        fixture = ExecutorFixture.open(directory, ExecutorFixture.smallDeltas(100));
        id = fixture.create("watched");
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void givesWhoLagsBehindTheAnswerAnew() throws InterruptedException {
        fixture.write(id, add("a", 1_000));
        try (Listener listener = new Listener(1)) {
            assertInstanceOf(WatchEvent.Current.class, listener.next());
            LogOffset last = LogOffset.NONE;
            for (int i = 0; i < Watcher.EVENTS_MAX + 50; i++) {
                last = fixture.write(id, upsert("a", 999 - i));
            }
            awaitQuiet();
            listener.request(Watcher.EVENTS_MAX);
            for (int i = 0; i < Watcher.EVENTS_MAX; i++) {
                assertInstanceOf(WatchEvent.Changed.class, listener.next());
            }
            listener.request(10);
            float distance = (float) Math.pow(999 - (Watcher.EVENTS_MAX + 49), 2);
            assertEquals(new WatchEvent.Reset(last, List.of(new Neighbour("a", distance))), listener.next());
            LogOffset after = fixture.write(id, delete("a"));
            assertEquals(after, listener.next().offset());
        }
    }

    /** Another watch has seen everything that was written. */
    private void awaitQuiet() throws InterruptedException {
        try (Listener other = new Listener(1)) {
            other.next();
        }
    }

    @Test
    void failsWithoutItsCollection() throws InterruptedException {
        try (Listener listener = new Listener(10)) {
            assertEquals(new WatchEvent.Current(LogOffset.NONE, List.of()), listener.next());
            fixture.drop(id);
            assertEquals(ErrorCode.NOT_FOUND, listener.failure().code());
        }
        try (Listener listener = new Listener(10)) {
            assertEquals(ErrorCode.NOT_FOUND, listener.failure().code());
        }
    }

    @Test
    void failsWhereTheFirstWriteShowsThatItCannotBeCompared() throws InterruptedException {
        try (Listener listener = new Listener(10)) {
            listener.next();
            fixture.write(id, add("a", 1, 2, 3));
            assertEquals(ErrorCode.INVALID_ARGUMENT, listener.failure().code());
        }
    }

    @Test
    void failsWhenTheExecutorIsClosed() throws InterruptedException {
        try (Listener listener = new Listener(10)) {
            listener.next();
            fixture.executor.close();
            assertEquals(ErrorCode.UNAVAILABLE, listener.failure().code());
        }
    }

    @Test
    void givesItsMemoryBackWithTheLastWatch() throws InterruptedException {
        fixture.write(id, add("a", 1));
        try (Listener listener = new Listener(10)) {
            listener.next();
            assertTrue(fixture.budget.bytes(Owner.STANDING) > 0);
        }
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (fixture.budget.bytes(Owner.STANDING) > 0) {
            assertTrue(System.nanoTime() < end, "in vain for " + PATIENCE);
            Thread.onSpinWait();
        }
    }

    private final class Listener extends BaseSubscriber<WatchEvent> implements AutoCloseable {
        private final BlockingQueue<Object> received = new LinkedBlockingQueue<>();
        private final long first;

        Listener(long first) {
            this.first = first;
            fixture.executor
                    .watch(new StandingQuery(id, Embedding.of(new float[] {0}), 1, Filter.ALL, null))
                    .subscribe(this);
        }

        WatchEvent next() throws InterruptedException {
            return assertInstanceOf(WatchEvent.class, received());
        }

        QuiverException failure() throws InterruptedException {
            return assertInstanceOf(QuiverException.class, received());
        }

        private Object received() throws InterruptedException {
            @Nullable Object next = received.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            return Objects.requireNonNull(next, "nothing came");
        }

        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            request(first);
        }

        @Override
        protected void hookOnNext(WatchEvent event) {
            received.add(event);
        }

        @Override
        protected void hookOnError(Throwable failure) {
            received.add(failure);
        }

        @Override
        public void close() {
            dispose();
        }
    }
}

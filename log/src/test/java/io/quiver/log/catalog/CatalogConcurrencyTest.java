package io.quiver.log.catalog;

import static io.quiver.log.catalog.Answers.done;
import static io.quiver.log.catalog.Answers.get;
import static io.quiver.log.catalog.Refused.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.log.record.CollectionId;
import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.LogOffset;
import io.quiver.log.record.MetadataValue;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

@Timeout(120)
class CatalogConcurrencyTest extends CatalogFixture {
    private static final int RACERS = 8;

    @Test
    void everyReadIsAnsweredOnTheCallersThreadWhileTheCatalogsThreadIsStuck() throws InterruptedException {
        Collection collection = create("books");
        get(catalog.fixDimension(collection.id(), 3));
        Map<String, MetadataValue> keys = Map.of("k", new MetadataValue.Int(1));
        get(catalog.noteKeys(collection.id(), keys));
        try (Stuck _ = stick()) {
            for (Mono<?> read : List.of(
                    catalog.tenant(T),
                    catalog.database(T, D),
                    catalog.databases(T, 10, 0),
                    catalog.collection(T, D, "books"),
                    catalog.collection(collection.id()),
                    catalog.collections(T, D, 10, 0),
                    catalog.countCollections(T, D),
                    catalog.allCollections(),
                    catalog.manifest(collection.id()),
                    catalog.fixDimension(collection.id(), 3),
                    catalog.noteKeys(collection.id(), keys))) {
                assertSame(Thread.currentThread(), answeringThread(read));
            }
            assertSame(Thread.currentThread(), answeringThread(catalog.tenant("nope")));
        }
    }

    @Test
    void changesCompleteOnTheCatalogsThread() {
        AtomicReference<String> thread = new AtomicReference<>("");
        catalog.createTenant("acme")
                .doOnNext(_ -> thread.set(Thread.currentThread().getName()))
                .block();
        assertEquals("quiver-catalog", thread.get());
    }

    @Test
    void changesBeyondTheQueueAreRefused() throws InterruptedException {
        try (Stuck _ = stick()) {
            List<Future<Tenant>> waiting = new ArrayList<>();
            for (int i = 0; i < CatalogThread.QUEUED_MAX; i++) {
                waiting.add(catalog.createTenant("ab").toFuture());
            }
            refused(
                    ErrorCode.UNAVAILABLE,
                    "The catalog is busy: 4096 changes are waiting",
                    catalog.createTenant("acme"));
            assertTrue(waiting.stream().noneMatch(Future::isDone));
        }
    }

    @Test
    void exactlyOneOfEightPublishesAVersion() throws Exception {
        CollectionId id = create("books").id();
        for (int version = 1; version <= 50; version++) {
            int next = version;
            List<Boolean> results = race(racer -> get(catalog.publish(
                    id,
                    new Manifest(
                            next,
                            new LogOffset(next),
                            List.of(new Manifest.Segment("by-" + racer, racer, 0, null, 0))))));
            assertEquals(1, Collections.frequency(results, true));
            Manifest published = get(catalog.manifest(id));
            assertEquals(next, published.version());
            assertTrue(results.get(published.segments().getFirst().rowCount()));
        }
    }

    @Test
    void exactlyOneOfEightCreatesWhatAllGet() throws Exception {
        List<Collection> got =
                race(_ -> get(catalog.createCollection(NewCollection.of(T, D, "books", Space.L2), true)));
        assertEquals(1, got.stream().distinct().count());
        assertEquals(1, get(catalog.countCollections(T, D)));
    }

    @Test
    void exactlyOneOfEightFixesTheDimensionThatAllSee() throws Exception {
        CollectionId id = create("books").id();
        List<Integer> dimensions = race(racer ->
                Objects.requireNonNull(get(catalog.fixDimension(id, racer + 1)).dimension()));
        assertEquals(1, dimensions.stream().distinct().count());
        assertEquals(1, get(catalog.collection(id)).version());
    }

    @Test
    void eventsComeInTheOrderOfTheChanges() {
        get(catalog.createDatabase(T, "docs"));
        List<CatalogEvent> seen = new ArrayList<>();
        Disposable subscription = catalog.events().subscribe(seen::add);
        Collection books = create("books");
        Manifest manifest = new Manifest(1, new LogOffset(3), List.of());
        get(catalog.publish(books.id(), manifest));
        get(catalog.publish(books.id(), manifest));
        Collection films = get(catalog.createCollection(NewCollection.of(T, "docs", "films", Space.L2), false));
        get(catalog.createCollection(NewCollection.of(T, "docs", "films", Space.L2), true));
        done(catalog.deleteDatabase(T, "docs"));
        done(catalog.deleteCollection(T, D, "books"));
        Collection last = create("last");
        done(catalog.reset());
        assertEquals(
                List.of(
                        new CatalogEvent.Created(books),
                        new CatalogEvent.Published(books.id(), manifest),
                        new CatalogEvent.Created(films),
                        new CatalogEvent.Dropped(films.id()),
                        new CatalogEvent.Dropped(books.id()),
                        new CatalogEvent.Created(last),
                        new CatalogEvent.Dropped(last.id())),
                seen);
        subscription.dispose();
    }

    @Test
    void eventsBeginWithTheSubscriptionAndCompleteWithTheCatalog() {
        create("before");
        StepVerifier.create(catalog.events())
                .then(() -> create("after"))
                .assertNext(event -> assertEquals(
                        "after",
                        assertInstanceOf(CatalogEvent.Created.class, event)
                                .created()
                                .name()))
                .then(catalog::close)
                .verifyComplete();
        StepVerifier.create(catalog.events()).verifyComplete();
    }

    @Test
    void aSlowSubscriberHoldsChangesUpButLosesNothing() throws Exception {
        int count = CatalogEvents.PENDING_MAX + 500;
        CollectionId id = create("books").id();
        Paused slow = new Paused();
        catalog.events().subscribe(slow);
        List<Future<?>> published = new ArrayList<>();
        for (int version = 1; version <= count; version++) {
            published.add(publish(id, version));
        }
        published.get(CatalogEvents.PENDING_MAX - 1).get();
        assertTrue(published.stream().anyMatch(change -> !change.isDone()));
        assertEquals(1, get(catalog.countCollections(T, D)));
        slow.request(Long.MAX_VALUE);
        for (Future<?> change : published) {
            assertEquals(true, change.get());
        }
        assertEquals(count, slow.versions.size());
        for (int i = 0; i < count; i++) {
            assertEquals(i + 1, slow.versions.get(i));
        }
        slow.cancel();
    }

    @Test
    void aSubscriberThatLeftHoldsNothingUp() throws Exception {
        CollectionId id = create("books").id();
        Paused gone = new Paused();
        catalog.events().subscribe(gone);
        gone.cancel();
        for (int version = 1; version <= CatalogEvents.PENDING_MAX + 10; version++) {
            publish(id, version).get();
        }
        assertEquals(List.of(), gone.versions);
    }

    @Test
    void closingDoesNotWaitForASubscriberForEver() throws Exception {
        CollectionId id = create("books").id();
        Paused stopped = new Paused();
        catalog.events().subscribe(stopped);
        List<Future<?>> published = new ArrayList<>();
        for (int version = 1; version <= CatalogEvents.PENDING_MAX; version++) {
            publish(id, version).get();
        }
        published.add(publish(id, CatalogEvents.PENDING_MAX + 1));
        catalog.close();
        assertEquals(true, published.getFirst().get());
    }

    private Future<?> publish(CollectionId id, int version) {
        return catalog.publish(id, new Manifest(version, new LogOffset(version), List.of()))
                .toFuture();
    }

    /** The thread that answers, which must have answered when the subscription returns. */
    private static Thread answeringThread(Mono<?> read) {
        AtomicReference<Thread> thread = new AtomicReference<>();
        read.doOnTerminate(() -> thread.set(Thread.currentThread())).subscribe(_ -> {}, _ -> {});
        return thread.get();
    }

    /** Keeps the catalog's thread busy with the delivery of an answer until it is closed. */
    private Stuck stick() throws InterruptedException {
        CountDownLatch reached = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        catalog.createTenant("stuck").subscribe(_ -> {
            reached.countDown();
            awaitUninterrupted(released);
        });
        assertTrue(reached.await(30, TimeUnit.SECONDS));
        return released::countDown;
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            assertTrue(latch.await(30, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static <R> List<R> race(Racer<R> racer) throws Exception {
        CyclicBarrier start = new CyclicBarrier(RACERS);
        try (ExecutorService threads = Executors.newFixedThreadPool(RACERS)) {
            List<Future<R>> running = new ArrayList<>();
            for (int i = 0; i < RACERS; i++) {
                int number = i;
                running.add(threads.submit(() -> {
                    start.await();
                    return racer.run(number);
                }));
            }
            List<R> results = new ArrayList<>();
            for (Future<R> result : running) {
                results.add(result.get(30, TimeUnit.SECONDS));
            }
            return results;
        }
    }

    @FunctionalInterface
    private interface Racer<R> {
        R run(int number);
    }

    private interface Stuck extends AutoCloseable {
        @Override
        void close();
    }

    /** Takes events only when told to. */
    private static final class Paused extends BaseSubscriber<CatalogEvent> {
        private final List<Long> versions = Collections.synchronizedList(new ArrayList<>());

        @Override
        protected void hookOnSubscribe(org.reactivestreams.Subscription subscription) {}

        @Override
        protected void hookOnNext(CatalogEvent event) {
            versions.add(((CatalogEvent.Published) event).manifest().version());
        }
    }
}

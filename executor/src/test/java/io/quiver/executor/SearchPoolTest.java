package io.quiver.executor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.QuiverException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

class SearchPoolTest {
    private final SearchPool pool = new SearchPool(2, 4);

    @AfterEach
    void close() {
        pool.close();
    }

    @Test
    void sharesGoToThreadsThatAreIdle() {
        CyclicBarrier both = new CyclicBarrier(2);
        Set<String> threads = ConcurrentHashMap.newKeySet();
        Runnable share = () -> {
            threads.add(Thread.currentThread().getName());
            meet(both);
        };
        pool.submit("tenant", _ -> {
                    pool.together(List.of(share, share));
                    return true;
                })
                .block();
        assertEquals(Set.of("search-0", "search-1"), threads);
    }

    /** The one that asks for little waits for what has begun, and for nothing that waits. */
    @Test
    void tenantsTakeTurns() {
        try (SearchPool one = new SearchPool(1, 100)) {
            CountDownLatch release = new CountDownLatch(1);
            Queue<String> order = new ConcurrentLinkedQueue<>();
            List<Mono<Boolean>> batches = new ArrayList<>();
            batches.add(one.submit("flood", _ -> await(release)).cache());
            for (int i = 0; i < 5; i++) {
                batches.add(one.submit("flood", _ -> order.add("flood")).cache());
            }
            batches.add(one.submit("calm", _ -> order.add("calm")).cache());
            batches.forEach(Mono::subscribe);
            release.countDown();
            Mono.when(batches).block();
            assertEquals(List.of("calm", "flood", "flood", "flood", "flood", "flood"), List.copyOf(order));
        }
    }

    @Test
    void sharesWithinSharesNeverWaitForOneAnother() {
        AtomicInteger done = new AtomicInteger();
        List<Runnable> inner = List.of(done::incrementAndGet, done::incrementAndGet, done::incrementAndGet);
        List<Runnable> outer = List.of(() -> pool.together(inner), () -> pool.together(inner));
        List<Mono<Boolean>> batches = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            batches.add(pool.submit("tenant", _ -> {
                pool.together(outer);
                return true;
            }));
        }
        Mono.when(batches).block();
        assertEquals(24, done.get());
    }

    @Test
    void theFirstFailureOfAShareIsThatOfTheWork() {
        List<Runnable> shares = List.of(() -> {}, () -> {
            throw new IllegalStateException("broken");
        });
        var failure = assertThrows(
                IllegalStateException.class,
                () -> pool.submit("tenant", _ -> {
                            pool.together(shares);
                            return true;
                        })
                        .block());
        assertEquals("broken", failure.getMessage());
    }

    @Test
    void refusesWhatTheQueueCannotHold() {
        CountDownLatch release = new CountDownLatch(1);
        List<Mono<Boolean>> held = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            Mono<Boolean> batch = pool.submit("tenant", _ -> await(release)).cache();
            batch.subscribe();
            held.add(batch);
        }
        var failure = assertThrows(
                QuiverException.class, () -> pool.submit("tenant", _ -> true).block());
        assertEquals(ErrorCode.UNAVAILABLE, failure.code());
        assertTrue(failure.getMessage().contains("4 batches wait"), failure.getMessage());
        release.countDown();
        Mono.when(held).block();
    }

    @Test
    void whoLeavesIsToldToTheWork() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch cancelled = new CountDownLatch(1);
        var batch = pool.submit("tenant", cancellation -> {
                    begun.countDown();
                    while (!cancellation.isCancelled()) {
                        Thread.onSpinWait();
                    }
                    cancelled.countDown();
                    return true;
                })
                .subscribe();
        begun.await();
        batch.dispose();
        cancelled.await();
    }

    @Test
    void whatIsToComeAfterTheAnswerComesAfterIt() {
        Queue<String> order = new ConcurrentLinkedQueue<>();
        pool.submit("tenant", batch -> batch.afterAnswer(() -> order.add("afterwards")))
                .doOnNext(_ -> order.add("answer"))
                .block();
        Eventually.await(() -> order.size() == 2, order::toString);
        assertEquals(List.of("answer", "afterwards"), List.copyOf(order));
    }

    @Test
    void whatIsToComeAfterTheAnswerComesAfterAFailureToo() {
        Queue<String> order = new ConcurrentLinkedQueue<>();
        pool.submit("tenant", batch -> {
                    batch.afterAnswer(() -> order.add("afterwards"));
                    throw new IllegalStateException("broken");
                })
                .doOnError(_ -> order.add("failure"))
                .onErrorComplete()
                .block();
        Eventually.await(() -> order.size() == 2, order::toString);
        assertEquals(List.of("failure", "afterwards"), List.copyOf(order));
    }

    @Test
    void nothingIsPromisedAfterTheAnswer() {
        Cancellation batch = new Cancellation();
        assertFalse(batch.afterAnswer(() -> {}));
        batch.begin();
        assertTrue(batch.afterAnswer(() -> {}));
        assertFalse(batch.afterAnswer(() -> {}), "there is something already");
        batch.end();
        assertFalse(batch.afterAnswer(() -> {}));
    }

    private static boolean await(CountDownLatch latch) {
        try {
            latch.await();
            return true;
        } catch (InterruptedException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static void meet(CyclicBarrier barrier) {
        try {
            barrier.await();
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }
}

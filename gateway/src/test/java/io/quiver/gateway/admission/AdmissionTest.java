package io.quiver.gateway.admission;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quiver.log.record.ErrorCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class AdmissionTest {
    private static final int ROUNDS = 200;

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final AtomicLong clock =
            new AtomicLong(Long.MAX_VALUE - Duration.ofSeconds(5).toNanos());

    @Test
    void neverAdmitsMoreThanRateTimesTimePlusBurst() {
        SplittableRandom random = seeded();
        for (int round = 0; round < ROUNDS; round++) {
            Rate rate = anyRate(random);
            Admission admission = searchesAt(rate);
            long start = clock.get();
            double admitted = 0;
            for (int i = 0; i < 300; i++) {
                clock.addAndGet(random.nextLong(rate.nanos(rate.burst()) / 10 + 2));
                double cost = random.nextDouble() * rate.burst() * 1.1;
                if (admission.admit("a", OperationKind.SEARCH, cost) instanceof Decision.Granted) {
                    admitted += cost;
                }
                double allowed = rate.burst() + rate.unitsPerSecond() * (clock.get() - start) / 1e9;
                assertTrue(admitted <= allowed * (1 + 1e-9), admitted + " of " + allowed + " at " + rate);
            }
        }
    }

    @Test
    void admitsWhatWasRefusedWhenRetryAfterHasPassedAndNotBefore() {
        SplittableRandom random = seeded();
        for (int round = 0; round < ROUNDS; round++) {
            Rate rate = anyRate(random);
            Admission admission = searchesAt(rate);
            double cost = rate.burst() * (0.2 + 0.8 * random.nextDouble());
            Duration wait = Objects.requireNonNull(exhaust(admission, cost).retryAfter());
            clock.addAndGet(wait.toNanos() - 1);
            assertInstanceOf(Decision.Refused.class, admission.admit("a", OperationKind.SEARCH, cost));
            clock.addAndGet(1);
            assertInstanceOf(Decision.Granted.class, admission.admit("a", OperationKind.SEARCH, cost));
        }
    }

    @Test
    void refusesAsTheCallersFaultAndCountsBoth() {
        Admission admission = searchesAt(new Rate(10, 20));
        Decision.Refused refused = exhaust(admission, 20);
        assertEquals(ErrorCode.RESOURCE_EXHAUSTED, refused.code());
        assertEquals("Rate limit of search exceeded: 10 units per second", refused.reason());
        assertEquals(Duration.ofSeconds(2), refused.retryAfter());
        assertEquals(1, count("granted", "none"));
        assertEquals(1, count("refused", "rate"));
    }

    @Test
    void neverAdmitsOneRequestAboveTheBurstAndSaysSo() {
        var refused = assertInstanceOf(
                Decision.Refused.class, searchesAt(new Rate(10, 20)).admit("a", OperationKind.SEARCH, 21));
        assertEquals(ErrorCode.PAYLOAD_TOO_LARGE, refused.code());
        assertNull(refused.retryAfter());
        assertEquals(
                "This search costs 21 units, more than the 20 that may be used at once: send less in one request",
                refused.reason());
        assertEquals(1, count("refused", "burst"));
    }

    @Test
    void keepsTenantsAndKindsApart() {
        Admission admission = searchesAt(new Rate(1, 1));
        exhaust(admission, 1);
        admission.admit("b", OperationKind.SEARCH, 1).orThrow();
        admission.admit("a", OperationKind.WRITE, 1e12).orThrow();
        assertThrows(
                Exception.class,
                () -> admission.admit("a", OperationKind.SEARCH, 1).orThrow());
    }

    @Test
    void admitsExactlyTheBurstToThreadsThatRace() throws InterruptedException {
        Admission admission = searchesAt(new Rate(1, 1000));
        var granted = new AtomicInteger();
        race(4, () -> {
            for (int i = 0; i < 1000; i++) {
                if (admission.admit("a", OperationKind.SEARCH, 1) instanceof Decision.Granted) {
                    granted.incrementAndGet();
                }
            }
        });
        assertEquals(1000, granted.get());
    }

    @Test
    void boundsRequestsInFlightAndTakesEachBackOnce() {
        Admission admission = Admission.create(new AdmissionSettings(Map.of(), 2), meters, clock::get);
        Permit first = Objects.requireNonNull(admission.enter());
        assertNotNull(admission.enter());
        assertNull(admission.enter());
        assertEquals(ErrorCode.UNAVAILABLE, admission.full().code());
        assertEquals(2, meters.get("quiver.inflight").gauge().value());
        first.close();
        first.close();
        assertEquals(1, admission.inFlight());
        assertNotNull(admission.enter());
        assertEquals(1, count("refused", "in_flight"));
    }

    @Test
    void letsNobodyEnterWhileItDrainsButLetsThoseInsideFinish() {
        Admission admission = Admission.create(AdmissionSettings.DEFAULT, meters, clock::get);
        Permit inside = Objects.requireNonNull(admission.enter());
        admission.drain();
        assertNull(admission.enter());
        assertEquals("The server is about to end", admission.full().reason());
        assertEquals(1, admission.inFlight());
        inside.close();
        assertEquals(0, admission.inFlight());
        assertEquals(1, count("refused", "draining"));
    }

    @Test
    void refusesARateThatCouldNotRefill() {
        assertThrows(IllegalArgumentException.class, () -> new Rate(1, 3601));
        assertThrows(IllegalArgumentException.class, () -> new Rate(1, 0));
        assertThrows(IllegalArgumentException.class, () -> new Rate(-1, 1));
    }

    private Admission searchesAt(Rate rate) {
        var settings = new AdmissionSettings(Map.of(OperationKind.SEARCH, rate), 10);
        return Admission.create(settings, meters, clock::get);
    }

    private static Decision.Refused exhaust(Admission admission, double cost) {
        while (true) {
            if (admission.admit("a", OperationKind.SEARCH, cost) instanceof Decision.Refused refused) {
                return refused;
            }
        }
    }

    private static Rate anyRate(SplittableRandom random) {
        double unitsPerSecond = Math.exp(random.nextDouble() * 30 - 5);
        return new Rate(unitsPerSecond, unitsPerSecond * Math.exp(random.nextDouble() * 10 - 3));
    }

    private static SplittableRandom seeded() {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        return new SplittableRandom(seed);
    }

    private static void race(int threads, Runnable work) throws InterruptedException {
        var start = new CountDownLatch(1);
        List<Thread> runners = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            runners.add(Thread.ofPlatform().start(() -> {
                try {
                    start.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                work.run();
            }));
        }
        start.countDown();
        for (Thread runner : runners) {
            runner.join();
        }
    }

    private double count(String decision, String reason) {
        return meters.get("quiver.admission")
                .tags("decision", decision, "reason", reason)
                .counter()
                .count();
    }
}

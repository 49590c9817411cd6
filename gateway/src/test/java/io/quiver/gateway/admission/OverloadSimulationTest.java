package io.quiver.gateway.admission;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is promised for overload (see docs/overload.md), on a simulated clock. The two seconds in which it is noticed
 * that a load has changed are not measured.
 */
class OverloadSimulationTest {
    private static final Duration NOTICING = Duration.ofSeconds(2);
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final double USUAL = 0.7;

    /** A simulated trial is a sample: another seed gives other figures, each time the same. */
    private final long seed = Long.getLong("quiver.seed", 634);

    private final Random random = new Random(seed);

    private static SimulatedTrial offered(SimulatedServer server, double times, Duration time) {
        return server.offer(time, new SimulatedServer.Load("a", times * server.capacity()))
                .getFirst();
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 5, 10})
    void goodputAndLatencyHoldWhenTooMuchComes(int serviceMillis) {
        SimulatedServer server = new SimulatedServer(random, Duration.ofMillis(serviceMillis));
        SimulatedTrial usual = offered(server, USUAL, LONG);
        assertEquals(0, usual.refusals(), () -> "seed " + seed);
        for (int times : new int[] {2, 5, 10}) {
            offered(server, times, NOTICING);
            SimulatedTrial over = offered(server, times, LONG);
            System.out.printf(
                    "%d ms, x %d: goodput %.2f of capacity, p99 x %.2f, refusals' p99 %.1f ms%n",
                    serviceMillis,
                    times,
                    over.goodput() / server.capacity(),
                    over.answeredMs(99) / usual.answeredMs(99),
                    over.refusedMs(99));
            String what = "seed %d, x %d: %s, usual %s".formatted(seed, times, over, usual);
            assertTrue(over.goodput() >= 0.9 * server.capacity(), what);
            assertTrue(over.answeredMs(99) <= 3 * usual.answeredMs(99), what);
            assertTrue(over.refusedMs(99) <= 50, what);
            offered(server, USUAL, NOTICING);
            SimulatedTrial after = offered(server, USUAL, LONG);
            assertTrue(after.answeredMs(99) <= 3 * usual.answeredMs(99), () -> "after it: " + after + what);
            assertTrue(after.refusals() <= 0.01 * after.answers(), () -> "after it: " + after + what);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 10})
    void aTenantHardlyNoticesOneThatAsksForFiftyTimesItsShare(int serviceMillis) {
        SimulatedServer server = new SimulatedServer(random, Duration.ofMillis(serviceMillis));
        double share = server.capacity() / 2;
        Duration time = Duration.ofMillis(serviceMillis * 50_000L);
        SimulatedTrial usual = calm(server, share, 1, time);
        calm(server, share, 50, NOTICING);
        SimulatedTrial beside = calm(server, share, 50, time);
        double times = beside.answeredMs(99) / usual.answeredMs(99);
        System.out.printf("%d ms: p99 beside a flood x %.2f%n", serviceMillis, times);
        String what = "seed %d: %s, usual %s".formatted(seed, beside, usual);
        assertTrue(beside.goodput() >= 0.92 * usual.goodput(), what);
        assertTrue(times <= 1.3, what);
    }

    private static SimulatedTrial calm(SimulatedServer server, double share, int times, Duration time) {
        return server.offer(
                        time,
                        new SimulatedServer.Load("calm", 0.3 * share),
                        new SimulatedServer.Load("flood", times * share))
                .getFirst();
    }

    /** As many as may wait: for them a queue is no overload. */
    @Test
    void clientsThatWaitForTheirAnswersAreServedMoreSlowlyRatherThanRefused() {
        SimulatedServer server = new SimulatedServer(random, Duration.ofMillis(10));
        SimulatedTrial trial = server.ask(LONG, Lane.READ.waitingMin());
        assertEquals(0, trial.refusals(), () -> "seed " + seed);
        assertTrue(trial.goodput() >= 0.9 * server.capacity(), trial::toString);
    }

    /** More than that, over 256 connections: the places are not so many that nobody is ever refused. */
    @Test
    void clientsThatAreTooManyAreRefusedAndTheOthersServedAtOnce() {
        SimulatedServer server = new SimulatedServer(random, Duration.ofMillis(10));
        server.ask(NOTICING, 256);
        SimulatedTrial trial = server.ask(LONG, 256);
        assertTrue(trial.refusals() > 0, trial::toString);
        assertTrue(trial.goodput() >= 0.9 * server.capacity(), () -> "seed " + seed + ": " + trial);
        assertTrue(trial.answeredMs(50) <= 50, () -> "seed " + seed + ": " + trial);
    }

    /** Clients that were refused together come again together: a burst that is worked off is none to be refused. */
    @Test
    void aBurstIsWorkedOff() {
        SimulatedServer server = new SimulatedServer(random, Duration.ofNanos(500_000));
        SimulatedTrial trial = server.ask(LONG, 256);
        assertTrue(trial.goodput() >= 0.9 * server.capacity(), () -> "seed " + seed + ": " + trial);
    }
}

package io.quiver.gateway.admission;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quiver.executor.query.Deadline;
import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.QuiverException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.scheduler.Schedulers;

class LaneGateTest {
    private static final long MILLI = 1_000_000;
    private static final Capacity CAPACITY = Capacity.ofCores(1024);
    private static final int PLACES_AT_FIRST = CAPACITY.placesAtFirst();
    private static final int PLACES_MIN = CAPACITY.placesMin();

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final TenantWork work = new TenantWork();
    private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 50 * MILLI);
    private final LaneGate gate =
            new LaneGate(List.of(Lane.READ, Lane.BULK, Lane.ADMIN), CAPACITY, work, meters, clock::get);

    /** Somebody who has asked for a place. */
    private static final class Caller {
        private @Nullable Permit permit;
        private @Nullable Throwable refusal;
        private final Disposable asking;

        Caller(LaneGate gate, String tenant) {
            this(gate, tenant, Deadline.after(Duration.ofMinutes(1)));
        }

        Caller(LaneGate gate, String tenant, Deadline deadline) {
            this(gate, Lane.READ, tenant, deadline);
        }

        Caller(LaneGate gate, Lane lane, String tenant, Deadline deadline) {
            this.asking = gate.place(lane, tenant, deadline, Runnable::run)
                    .subscribe(given -> permit = given, failure -> refusal = failure);
        }

        boolean isIn() {
            return permit != null;
        }

        boolean isRefused(ErrorCode code) {
            return refusal instanceof QuiverException problem && problem.code() == code;
        }

        void leave() {
            Objects.requireNonNull(permit).close();
            permit = null;
        }
    }

    private List<Caller> callers(int count, String tenant) {
        List<Caller> callers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            callers.add(new Caller(gate, tenant));
        }
        return callers;
    }

    @Test
    void lightWorkFindsAPlaceAtOnceAndAllOfThemGoBack() {
        List<Caller> callers = callers(PLACES_AT_FIRST, "a");
        assertTrue(callers.stream().allMatch(Caller::isIn));
        callers.forEach(Caller::leave);
        assertEquals(0, gate.taken());
        assertEquals(PLACES_AT_FIRST, gate.places(), "nothing waited: nothing is known");
    }

    @Test
    void noticesForHowLongEachTenantHeldItsPlaces() {
        List<Caller> callers = callers(PLACES_AT_FIRST, "a");
        Caller later = new Caller(gate, "b");
        clock.addAndGet(20 * MILLI);
        callers.forEach(Caller::leave);
        assertTrue(later.isIn());
        clock.addAndGet(5 * MILLI);
        later.leave();
        assertEquals(
                List.of(new BusyTenant("a", PLACES_AT_FIRST * 0.020), new BusyTenant("b", 0.005)), work.busiest(10));
    }

    /** A server that ends 40,000 a second for some time, and then 400, whatever it is given. */
    @Test
    void thereAreAsManyPlacesAsWorkThatEndsInTime() {
        saturate(0.025, 1_000);
        assertEquals(80, gate.places(), 8);
        saturate(2.5, 5_000);
        assertEquals(PLACES_MIN, gate.places());
        saturate(0.025, 1_000);
        assertEquals(80, gate.places(), 8);
    }

    /** One piece of work ends in each period, for so long; there is always more to do than there are places. */
    private void saturate(double periodMillis, int millis) {
        Deque<Caller> inside = new ArrayDeque<>();
        Deque<Caller> waiting = new ArrayDeque<>();
        for (int i = 0; i < millis / periodMillis; i++) {
            while (gate.waiting() < 32) {
                waiting.add(new Caller(gate, "a"));
            }
            while (!waiting.isEmpty() && waiting.peek().isIn()) {
                inside.add(waiting.remove());
            }
            clock.addAndGet((long) (periodMillis * MILLI));
            inside.remove().leave();
        }
        waiting.forEach(caller -> caller.asking.dispose());
        waiting.stream().filter(Caller::isIn).forEach(Caller::leave);
        inside.forEach(Caller::leave);
        assertEquals(0, gate.taken());
        assertEquals(0, gate.waiting());
    }

    @Test
    void whoFindsNoPlaceAndNoRoomToWaitIsRefusedAtOnce() {
        List<Caller> callers = callers(PLACES_AT_FIRST + LaneQueue.WAITING_AT_FIRST, "a");
        Caller tooMany = new Caller(gate, "a");
        assertTrue(tooMany.isRefused(ErrorCode.UNAVAILABLE));
        assertEquals(1, refused("queue"));
        callers.subList(0, PLACES_AT_FIRST).forEach(Caller::leave);
        assertTrue(
                callers.subList(PLACES_AT_FIRST, 2 * PLACES_AT_FIRST).stream().allMatch(Caller::isIn));
    }

    /** Full for longer than an interval, and nothing ends. */
    private List<Caller> standing() {
        List<Caller> callers = callers(PLACES_AT_FIRST + LaneQueue.WAITING_AT_FIRST + 1, "a");
        assertEquals(1, refused("queue"));
        clock.addAndGet(StandingQueue.INTERVAL.toNanos() + MILLI);
        assertTrue(new Caller(gate, "a").isRefused(ErrorCode.UNAVAILABLE));
        return callers;
    }

    /** It is known by then that little ends, and that there are so many places too many. */
    private static void leaveForOne(List<Caller> inside) {
        inside.subList(0, PLACES_AT_FIRST - CAPACITY.placesLeast() + 1).forEach(Caller::leave);
    }

    @Test
    void aQueueThatStandsIsServedNewestFirst() {
        List<Caller> callers = standing();
        Caller newer = new Caller(gate, "a");
        Caller newest = new Caller(gate, "a");
        leaveForOne(callers);
        assertTrue(newest.isIn());
        assertFalse(newer.isIn());
    }

    @Test
    void whoHasWaitedTooLongInAQueueThatStandsIsRefused() {
        List<Caller> callers = standing();
        leaveForOne(callers);
        List<Caller> waiting = callers.subList(PLACES_AT_FIRST, PLACES_AT_FIRST + LaneQueue.WAITING_AT_FIRST);
        assertTrue(waiting.getLast().isIn());
        assertFalse(waiting.get(waiting.size() - 2).isRefused(ErrorCode.UNAVAILABLE), "the next one");
        assertTrue(waiting.subList(0, waiting.size() - 2).stream()
                .allMatch(caller -> caller.isRefused(ErrorCode.UNAVAILABLE)));
        assertEquals(1, gate.waiting());
    }

    @Test
    void aQueueThatWasWorkedOffToItsHalfDoesNotStand() {
        List<Caller> callers = callers(PLACES_AT_FIRST + LaneQueue.WAITING_AT_FIRST + 1, "a");
        callers.subList(0, LaneQueue.WAITING_AT_FIRST / 2 + 1).forEach(Caller::leave);
        clock.addAndGet(StandingQueue.INTERVAL.toNanos() + MILLI);
        List<Caller> more = callers(LaneQueue.WAITING_AT_FIRST / 2 + 2, "a");
        assertTrue(more.getLast().isRefused(ErrorCode.UNAVAILABLE), "full again");
        Caller oldest = callers.get(PLACES_AT_FIRST + LaneQueue.WAITING_AT_FIRST / 2 + 1);
        leaveForOne(callers.subList(LaneQueue.WAITING_AT_FIRST / 2 + 1, callers.size()));
        assertTrue(oldest.isIn());
    }

    @Test
    void whoWouldBeRefusedIsToldBeforeItsWorkIsRead() {
        assertNull(gate.refusal(Lane.READ, "flood"));
        List<Caller> flood = callers(PLACES_AT_FIRST + LaneQueue.WAITING_AT_FIRST, "flood");
        assertNotNull(gate.refusal(Lane.READ, "flood"));
        assertNull(gate.refusal(Lane.READ, "calm"), "one of the others would give way");
        assertNull(gate.refusal(Lane.ADMIN, "flood"), "nothing waits in that lane");
        assertEquals(1, refused("queue"));
        flood.getFirst().leave();
        assertNull(gate.refusal(Lane.READ, "flood"));
    }

    /** By what is known, work takes 7.5 ms beside three others on a server of two cores that ends 400 a second. */
    @Test
    void aTurnWithTooLittleTimeLeftIsPassedBy() {
        saturate(2.5, 5_000);
        List<Caller> inside = callers(PLACES_MIN, "a");
        Caller hurried = new Caller(gate, "a", Deadline.after(Duration.ofNanos(PLACES_MIN * MILLI)));
        Caller patient = new Caller(gate, "a");
        inside.getFirst().leave();
        assertTrue(hurried.isRefused(ErrorCode.DEADLINE_EXCEEDED));
        assertTrue(patient.isIn());
    }

    @Test
    void aTenantThatFloodsGivesWayToOneThatDoesNot() {
        List<Caller> flood = callers(PLACES_AT_FIRST + LaneQueue.WAITING_AT_FIRST, "flood");
        Caller calm = new Caller(gate, "calm");
        assertTrue(flood.getLast().isRefused(ErrorCode.UNAVAILABLE), "the newest of the longest queue");
        flood.getFirst().leave();
        flood.get(1).leave();
        assertTrue(calm.isIn(), "its turn is the second at the latest");
    }

    @Test
    void aTurnThatComesTooLateIsNotTaken() {
        List<Caller> callers = callers(PLACES_AT_FIRST, "a");
        Caller late = new Caller(gate, "a", Deadline.after(Duration.ZERO));
        Caller next = new Caller(gate, "a");
        callers.getFirst().leave();
        assertTrue(late.isRefused(ErrorCode.DEADLINE_EXCEEDED));
        assertEquals(1, refused("deadline"));
        assertTrue(next.isIn(), "the place went on");
    }

    @Test
    void whoGoesAwayWhileWaitingLeavesNothing() {
        List<Caller> callers = callers(PLACES_AT_FIRST, "a");
        Caller gone = new Caller(gate, "a");
        gone.asking.dispose();
        assertEquals(0, gate.waiting());
        callers.forEach(Caller::leave);
        assertEquals(0, gate.taken());
    }

    @Test
    void aLaneUsesAllThatNobodyElseWantsAndGivesItBack() {
        List<Caller> bulk = callers(PLACES_AT_FIRST + 10, Lane.BULK);
        assertTrue(bulk.get(PLACES_AT_FIRST - 1).isIn(), "all places are lent");
        List<Caller> reads = callers(PLACES_AT_FIRST, Lane.READ);
        int own = (int) Math.floor(0.7 * PLACES_AT_FIRST);
        assertTrue(reads.get(own - 1).isIn(), "its own places it has at once");
        assertFalse(reads.get(own).isIn());
        assertTrue(callers(1, Lane.ADMIN).getFirst().isIn());
        bulk.subList(0, PLACES_AT_FIRST).forEach(Caller::leave);
        assertFalse(bulk.getLast().isIn() && !reads.get(own).isIn(), "what comes back is the other's");
        assertTrue(reads.get(own).isIn());
    }

    private List<Caller> callers(int count, Lane lane) {
        List<Caller> callers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            callers.add(new Caller(gate, lane, "a", Deadline.after(Duration.ofMinutes(1))));
        }
        return callers;
    }

    /** A tenant always has as much waiting as there are places; the other asks for one after another. */
    @Test
    void aTenantBesideAFloodWaitsForTwoPiecesOfItsWorkAtTheMost() {
        LaneGate busy = new LaneGate(List.of(Lane.READ), Capacity.ofCores(PLACES_MIN), work, meters, clock::get);
        Deque<Caller> inside = new ArrayDeque<>();
        Deque<Caller> flood = new ArrayDeque<>();
        for (int i = 0; i < 200; i++) {
            while (flood.size() + inside.size() < 2 * PLACES_MIN) {
                flood.add(new Caller(busy, "flood"));
                moveIn(flood, inside);
            }
            Caller calm = new Caller(busy, "calm");
            for (int ended = 0; ended < 2 && !calm.isIn(); ended++) {
                clock.addAndGet(MILLI);
                inside.remove().leave();
                moveIn(flood, inside);
            }
            calm.leave();
            moveIn(flood, inside);
        }
    }

    private static void moveIn(Deque<Caller> waiting, Deque<Caller> inside) {
        waiting.removeIf(caller -> caller.isIn() && inside.add(caller));
    }

    /** With one tenant as much may be under way as it likes; with two, one is in the other's way. */
    @Test
    void learnsWhatEndsInTimeWhenSeveralTenantsHaveMuchUnderWay() {
        askInTurns("a", "a");
        assertEquals(PLACES_AT_FIRST, gate.places());
        askInTurns("a", "b");
        assertEquals(PLACES_MIN, gate.places(), "two of them end in two milliseconds");
    }

    /** Two tenants, now and then a burst that ends soon, and nothing between. */
    @Test
    void aBurstThatIsOverSoonChangesNothing() {
        for (int burst = 0; burst < 20; burst++) {
            List<Caller> both = new ArrayList<>(callers(PLACES_MIN * 2, "a"));
            both.addAll(callers(PLACES_MIN * 2, "b"));
            both.forEach(caller -> {
                clock.addAndGet(MILLI / 10);
                caller.leave();
            });
            clock.addAndGet(90 * MILLI);
        }
        assertEquals(PLACES_AT_FIRST, gate.places());
    }

    private void askInTurns(String one, String other) {
        Deque<Caller> waiting = new ArrayDeque<>();
        Deque<Caller> inside = new ArrayDeque<>();
        for (int i = 0; i < 400; i++) {
            while (waiting.size() + inside.size() < PLACES_AT_FIRST) {
                waiting.add(new Caller(gate, i % 2 == 0 ? one : other));
                moveIn(waiting, inside);
            }
            clock.addAndGet(MILLI);
            inside.remove().leave();
            moveIn(waiting, inside);
        }
        waiting.forEach(caller -> caller.asking.dispose());
        inside.forEach(Caller::leave);
    }

    /** Asking, leaving and giving up on many threads: no place is lost, and none is given twice. */
    @Test
    void placesAreNeitherLostNorGivenTwice() throws InterruptedException {
        LaneGate small = new LaneGate(List.of(Lane.WRITE), Capacity.ofDisk(4), work, meters, System::nanoTime);
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            for (int i = 0; i < 20_000; i++) {
                int number = i;
                threads.execute(() -> visit(small, number, inside, most));
            }
            threads.shutdown();
            assertTrue(threads.awaitTermination(1, TimeUnit.MINUTES));
        }
        for (int i = 0; i < 60_000 && small.taken() > 0; i++) {
            Thread.sleep(1); // between two looks: places are given back by other threads, a little after the visit
        }
        assertEquals(0, small.taken());
        assertEquals(0, small.waiting());
        assertTrue(most.get() <= 4, "at once: " + most);
    }

    private static void visit(LaneGate gate, int number, AtomicInteger inside, AtomicInteger most) {
        Disposable visit = gate.place(
                        Lane.WRITE,
                        "t" + number % 3,
                        Deadline.after(Duration.ofMinutes(1)),
                        Schedulers.parallel()::schedule)
                .subscribe(
                        permit -> {
                            most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                            inside.decrementAndGet();
                            permit.close();
                        },
                        refusal -> assertInstanceOf(QuiverException.class, refusal));
        if (number % 5 == 0) {
            visit.dispose();
        }
    }

    private double refused(String reason) {
        return meters.get("quiver.lane.refused")
                .tags("lane", "read", "reason", reason)
                .counter()
                .count();
    }
}

package io.quiver.gateway.admission;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quiver.executor.query.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A tenant that asks for all there is, and more, beside another. */
class FloodTest {
    private static final Deadline DEADLINE = Deadline.after(Duration.ofMinutes(1));
    private static final int PLACES = Capacity.ofCores(1024).placesAtFirst();
    private static final int REFUSALS = 100;

    private final AtomicLong now = new AtomicLong();
    private final LaneGate gate = new LaneGate(
            List.of(Lane.READ), Capacity.ofCores(1024), new TenantWork(), new SimpleMeterRegistry(), now::get);
    private final AtomicInteger given = new AtomicInteger();

    private void ask(String tenant, int times) {
        for (int i = 0; i < times; i++) {
            gate.place(Lane.READ, tenant, DEADLINE, Runnable::run)
                    .subscribe(_ -> given.incrementAndGet(), _ -> given.get());
        }
    }

    /** All places, a moment after somebody else had one. */
    private List<Permit> takenByFlood() {
        Objects.requireNonNull(gate.placeNow(Lane.READ, "calm")).close();
        return Stream.generate(() -> gate.placeNow(Lane.READ, "flood"))
                .limit(PLACES)
                .toList();
    }

    private Decision.Refused lastRefusal(String tenant) {
        for (int i = 1; i < REFUSALS; i++) {
            assertNotNull(gate.refusal(Lane.READ, tenant));
        }
        return Objects.requireNonNull(gate.refusal(Lane.READ, tenant));
    }

    @Test
    void isToldLaterThatItIsRefusedWhereAnotherTenantAsks() {
        ask("calm", 1);
        ask("flood", PLACES + LaneQueue.WAITING_AT_FIRST);
        assertTrue(lastRefusal("flood").isKeptBack());
    }

    @Test
    void isToldAtOnceWhereNobodyElseAsks() {
        ask("flood", PLACES + LaneQueue.WAITING_AT_FIRST);
        assertFalse(lastRefusal("flood").isKeptBack());
    }

    @Test
    void nobodyElseIsToldLater() {
        ask("calm", 1);
        ask("flood", PLACES + LaneQueue.WAITING_AT_FIRST);
        lastRefusal("flood");
        assertNull(gate.refusal(Lane.READ, "calm"), "one of the flood gives way to it");
        MostRefused most = new MostRefused();
        for (int i = 0; i < REFUSALS; i++) {
            most.refused(i % 4 == 0 ? "calm" : "flood", 0);
        }
        assertTrue(most.is("flood", 0));
        assertFalse(most.is("calm", 0));
    }

    @Test
    void leavesAPlaceToWhoeverElseComes() {
        List<Permit> taken = takenByFlood();
        ask("flood", PLACES + 10);
        taken.forEach(Permit::close);
        assertEquals(PLACES - 1, given.get(), "of the flood");
        ask("calm", 1);
        assertEquals(PLACES, given.get());
    }

    @Test
    void leavesACoreToWhoeverElseComes() {
        List<Permit> taken = takenByFlood();
        ask("flood", PLACES + LaneQueue.WAITING_AT_FIRST);
        lastRefusal("flood");
        taken.forEach(Permit::close);
        int ofFlood = Capacity.ofCores(1024).placesOfFlood();
        assertEquals(ofFlood, given.get(), "of the flood");
        ask("calm", PLACES - ofFlood);
        assertEquals(PLACES, given.get(), "the others have the rest");
    }

    @Test
    void isOverSoonAfterItsLastRefusal() {
        MostRefused most = new MostRefused();
        for (int i = 0; i < REFUSALS; i++) {
            most.refused("flood", 0);
        }
        assertTrue(most.is("flood", Duration.ofMillis(999).toNanos()));
        assertFalse(most.is("flood", Duration.ofSeconds(1).toNanos()));
    }
}

package io.quiver.executor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.quiver.executor.segment.OffHeapBudget;
import io.quiver.executor.segment.OffHeapBudget.Owner;
import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.QuiverException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import reactor.test.StepVerifier;

class WriteAdmissionTest {
    private final OffHeapBudget budget = new OffHeapBudget(1_000);
    private final WriteAdmission admission = new WriteAdmission(DeltaLimits.DEFAULT, budget);

    @Test
    void letsWritesInAtOnceWhileCompactionKeepsUp() {
        StepVerifier.withVirtualTime(() -> admission.admit(2, 100)).verifyComplete();
    }

    @Test
    void slowsWritesInProportionToTheLag() {
        StepVerifier.withVirtualTime(() -> admission.admit(3, 100))
                .expectSubscription()
                .expectNoEvent(Duration.ofMillis(249))
                .thenAwait(Duration.ofMillis(1))
                .verifyComplete();
    }

    @Test
    void refusesWritesWhenCompactionLagsTooFar() {
        var refusal = assertThrows(
                QuiverException.class, () -> admission.admit(4, 100).block());
        assertEquals(ErrorCode.BACKOFF, refusal.code());
        assertEquals("Backoff and retry", refusal.getMessage());
        assertNotNull(refusal.retryAfter());
    }

    @Test
    void refusesWhatMemoryCouldNotHoldAndNamesTheBytes() {
        budget.reserve(Owner.SEALED, 950);
        var refusal = assertThrows(
                QuiverException.class, () -> admission.admit(0, 100).block());
        assertEquals(ErrorCode.UNAVAILABLE, refusal.code());
        assertEquals("100 bytes outside the heap do not fit: 50 of 1000 are missing", refusal.getMessage());
    }
}

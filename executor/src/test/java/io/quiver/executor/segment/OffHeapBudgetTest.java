package io.quiver.executor.segment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.quiver.executor.segment.OffHeapBudget.Owner;
import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.QuiverException;
import org.junit.jupiter.api.Test;

class OffHeapBudgetTest {
    private final OffHeapBudget budget = new OffHeapBudget(1_000);

    @Test
    void refusesWhatDoesNotFitAndSaysWhatIsMissing() {
        budget.reserve(Owner.SEALED, 900);
        var refusal = assertThrows(QuiverException.class, () -> budget.reserve(Owner.DELTA, 150));
        assertEquals(ErrorCode.UNAVAILABLE, refusal.code());
        assertEquals("150 bytes outside the heap do not fit: 50 of 1000 are missing", refusal.getMessage());
        assertThrows(QuiverException.class, () -> budget.requireFree(101));
        budget.requireFree(100);
        assertEquals(900, budget.usedBytes());
        assertEquals(0, budget.bytes(Owner.DELTA));
    }

    @Test
    void countsByOwnerUntilReleased() {
        budget.reserve(Owner.SEALED, 400);
        budget.take(Owner.DELTA, 700);
        assertEquals(400, budget.bytes(Owner.SEALED));
        assertEquals(700, budget.bytes(Owner.DELTA));
        assertEquals(1_100, budget.usedBytes());
        budget.release(Owner.DELTA, 700);
        assertEquals(0, budget.bytes(Owner.DELTA));
        budget.reserve(Owner.DELTA, 600);
        assertEquals(1_000, budget.usedBytes());
    }
}

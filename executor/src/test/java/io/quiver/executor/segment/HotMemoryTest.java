package io.quiver.executor.segment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.quiver.executor.segment.OffHeapBudget.Owner;
import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.QuiverException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

class HotMemoryTest {
    private static final long PAGE = HugePages.PAGE_BYTES;

    private final OffHeapBudget budget = new OffHeapBudget(16 * PAGE);

    @Test
    void isZeroedAlignedAndCountedByWholePages() {
        try (HotMemory memory = new HotMemory(budget, Owner.GRAPH)) {
            MemorySegment some = memory.allocate(PAGE + 1, 64);
            MemorySegment more = memory.allocate(100, 64);
            assertEquals(PAGE + 1, some.byteSize());
            assertEquals(0, some.address() % 64);
            assertEquals(0, more.address() % 64);
            assertEquals(-1, some.mismatch(MemorySegment.ofArray(new byte[(int) PAGE + 1])));
            some.fill((byte) 7);
            assertEquals(0, more.get(ValueLayout.JAVA_BYTE, 99));
            assertEquals(3 * PAGE, budget.bytes(Owner.GRAPH));
        }
        assertEquals(0, budget.usedBytes());
    }

    @Test
    void cannotBeReadAfterItWasGivenBack() {
        HotMemory memory = new HotMemory(budget, Owner.WRITER);
        MemorySegment some = memory.allocate(10, 1);
        memory.close();
        assertThrows(IllegalStateException.class, () -> some.get(ValueLayout.JAVA_BYTE, 0));
    }

    @Test
    void leavesAnEighthOfTheBudgetToOthers() {
        try (HotMemory memory = new HotMemory(budget, Owner.GRAPH)) {
            memory.allocate(13 * PAGE, 64);
            var refusal = assertThrows(QuiverException.class, () -> memory.allocate(2 * PAGE, 64));
            assertEquals(ErrorCode.UNAVAILABLE, refusal.code());
            memory.allocate(PAGE, 64);
            assertEquals(14 * PAGE, budget.usedBytes());
            budget.reserve(Owner.DELTA, 2 * PAGE);
            budget.release(Owner.DELTA, 2 * PAGE);
        }
        assertEquals(0, budget.usedBytes());
    }
}

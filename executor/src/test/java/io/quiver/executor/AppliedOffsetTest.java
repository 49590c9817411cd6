package io.quiver.executor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.LogOffset;
import io.quiver.log.record.QuiverException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AppliedOffsetTest {
    private final AppliedOffset applied = new AppliedOffset(3);

    @Test
    void completesWaitersInOrderOfTheirOffsets() {
        List<Integer> completed = new ArrayList<>();
        applied.await(new LogOffset(3)).subscribe(_ -> {}, _ -> {}, () -> completed.add(3));
        applied.await(new LogOffset(1)).subscribe(_ -> {}, _ -> {}, () -> completed.add(1));
        applied.await(new LogOffset(2)).subscribe(_ -> {}, _ -> {}, () -> completed.add(2));
        applied.advance(new LogOffset(2));
        assertEquals(List.of(1, 2), completed);
        assertEquals(1, applied.waiterCount());
        applied.advance(new LogOffset(5));
        assertEquals(List.of(1, 2, 3), completed);
        assertEquals(0, applied.waiterCount());
    }

    @Test
    void whatHasBeenReachedDoesNotWait() {
        applied.advance(new LogOffset(2));
        applied.await(new LogOffset(2)).block(Duration.ZERO.plusSeconds(1));
        assertEquals(0, applied.waiterCount());
    }

    @Test
    void waitingEndsWithTheTimeGiven() {
        var failure = assertThrows(
                QuiverException.class,
                () -> applied.await(new LogOffset(9), Duration.ofMillis(10)).block());
        assertEquals(ErrorCode.UNAVAILABLE, failure.code());
        assertEquals("The executor has applied the log to offset 0, not yet to 9", failure.getMessage());
        assertEquals(0, applied.waiterCount());
    }

    @Test
    void whoLeavesWaitsNoMore() {
        var waiting = applied.await(new LogOffset(9)).subscribe();
        assertEquals(1, applied.waiterCount());
        waiting.dispose();
        assertEquals(0, applied.waiterCount());
    }

    @Test
    void refusesOneWaiterTooMany() {
        for (int i = 0; i < 3; i++) {
            assertFalse(applied.await(new LogOffset(9)).subscribe().isDisposed());
        }
        var failure = assertThrows(
                QuiverException.class, () -> applied.await(new LogOffset(9)).block());
        assertEquals(ErrorCode.UNAVAILABLE, failure.code());
        assertTrue(failure.getMessage().contains("3 callers wait"), failure.getMessage());
    }
}

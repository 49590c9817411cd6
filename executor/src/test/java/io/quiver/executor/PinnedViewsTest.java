package io.quiver.executor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.quiver.executor.query.Consistency;
import io.quiver.executor.query.Consistency.Pinned;
import io.quiver.executor.query.Consistency.Pinned.Place;
import io.quiver.log.record.CollectionId;
import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.LogOffset;
import io.quiver.log.record.QuiverException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PinnedViewsTest {
    private final CollectionId collection = CollectionId.random();
    private int taken;
    private int closed;
    private final PinnedViews pins =
            new PinnedViews(_ -> new CollectionView(new LogOffset(++taken), List.of(), taken, () -> closed++));

    @AfterEach
    void everyViewIsClosedOnce() {
        pins.close();
        assertEquals(taken, closed);
    }

    @Test
    void queriesOfOneNumberSeeOneView() {
        assertEquals(1, offset(7, Place.FIRST));
        assertEquals(2, offset(8, Place.FIRST));
        assertEquals(1, offset(7, Place.BETWEEN));
        assertEquals(1, offset(7, Place.LAST));
        assertEquals(1, closed);
        assertEquals(1, pins.count());
    }

    @Test
    void aViewIsNotFreedUnderAQuery() {
        CollectionView first = view(7, Place.FIRST);
        CollectionView last = view(7, Place.LAST);
        last.close();
        assertEquals(0, closed);
        first.close();
        assertEquals(1, closed);
    }

    @Test
    void aViewThatNobodyUsesIsGivenBack() {
        offset(7, Place.FIRST);
        pins.giveBack(System.nanoTime() + PinnedViews.IDLE_MAX.toNanos() / 2);
        assertEquals(1, pins.count());
        pins.giveBack(System.nanoTime() + PinnedViews.IDLE_MAX.toNanos() + 1);
        assertEquals(1, closed);
        var gone = assertThrows(QuiverException.class, () -> view(7, Place.BETWEEN));
        assertEquals(ErrorCode.FAILED_PRECONDITION, gone.code());
    }

    @Test
    void thereAreOnlySoManyViews() {
        for (int number = 0; number < PinnedViews.VIEWS_MAX; number++) {
            offset(number, Place.FIRST);
        }
        var refused = assertThrows(QuiverException.class, () -> view(-1, Place.FIRST));
        assertEquals(ErrorCode.BACKOFF, refused.code());
        offset(0, Place.LAST);
        offset(-1, Place.FIRST);
    }

    @Test
    void aNumberIsNotGivenTwice() {
        offset(7, Place.FIRST);
        assertThrows(QuiverException.class, () -> view(7, Place.FIRST));
    }

    @Test
    void aViewThatWasGivenBackBeforeItWasTakenIsNotTaken() {
        assertThrows(QuiverException.class, () -> view(7, Place.LAST));
        var late = assertThrows(QuiverException.class, () -> view(7, Place.FIRST));
        assertEquals(ErrorCode.CANCELLED, late.code());
        assertEquals(0, taken);
        offset(8, Place.FIRST);
        assertEquals(1, pins.count());
    }

    private long offset(long number, Place place) {
        try (CollectionView view = view(number, place)) {
            return view.offset().value();
        }
    }

    private CollectionView view(long number, Place place) {
        return pins.view(new ViewKey(collection, new Pinned(number, place, Consistency.STRONG)));
    }
}

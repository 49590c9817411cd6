package io.quiver.executor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.executor.filter.DeltaFilterIndex;
import io.quiver.executor.index.Metric;
import io.quiver.executor.index.RowSet;
import io.quiver.executor.query.Query;
import io.quiver.executor.query.SearchEffort;
import io.quiver.executor.segment.DeltaSegment;
import io.quiver.executor.segment.OffHeapBudget;
import io.quiver.executor.segment.Segment;
import io.quiver.log.record.CollectionId;
import io.quiver.log.record.Embedding;
import io.quiver.log.record.LogOffset;
import io.quiver.log.record.Metadata;
import io.quiver.log.record.VectorRecord;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Rows at 0, 1, 2 and so on, asked for those nearest to 0, and told answers of all kinds. */
class ShadowSearchesTest {
    private static final int ROWS = 100;
    private static final LogOffset OFFSET = new LogOffset(1);

    private final DeltaSegment segment = new DeltaSegment(
            "delta", Metric.SQUARED_L2, 1, ROWS, 1L << 20, new OffHeapBudget(1L << 30), DeltaFilterIndex::new);

    private final AtomicLong nowNs = new AtomicLong();

    private ShadowSearches shadows = new ShadowSearches(1, this::tick);
    private final ViewPart every;
    private final CollectionId collection = CollectionId.random();
    private Cancellation cancellation = begun();
    private final AtomicInteger closedViews = new AtomicInteger();

    ShadowSearchesTest() {
        for (int row = 0; row < ROWS; row++) {
            segment.append(new VectorRecord("r" + row, Embedding.of(row), null, null, Metadata.EMPTY), row, OFFSET);
        }
        every = ViewPart.delta(segment, ROWS, OFFSET);
    }

    @AfterEach
    void close() {
        shadows.close();
        segment.release();
    }

    @Test
    void countsWhatAnswersMissed() {
        answered(3, 0, 1, 7);
        assertEquals(2.0 / 3, recallOnceSampled(1));
        rest(1);
        answered(2, 0, 1);
        assertEquals((2.0 / 3 + 1) / 2, recallOnceSampled(2), 1e-9);
        rest(2);
        answered(4);
        assertEquals((2.0 / 3 + 1 + 0) / 3, recallOnceSampled(3), 1e-9);
    }

    @Test
    void asksTheSameFilterOfTheSameView() {
        RowSet even = RowSet.none(ROWS);
        for (int row = 0; row < ROWS; row += 2) {
            even.add(row);
        }
        shown(3, every, even, 0, 2, 4);
        cancellation.end();
        assertEquals(1, recallOnceSampled(1));
        rest(1);
        cancellation = begun();
        shown(3, ViewPart.delta(segment, 2, OFFSET), null, 0, 1);
        cancellation.end();
        assertEquals(1, recallOnceSampled(2), "there were no more than two");
    }

    @Test
    void waitsUntilTheAnswerHasGoneOutAndHoldsTheViewUntilThen() {
        shown(2, every, null, 0, 1);
        assertEquals(0, closedViews.get());
        assertEquals(0, shadows.sampleCount());
        cancellation.end();
        recallOnceSampled(1);
        awaitClosedViews(1);
    }

    @Test
    void whoComesWhileOneWaitsIsLetGo() {
        shown(2, every, null, 0, 1);
        shown(2, every, null, 0, 9);
        assertEquals(1, closedViews.get());
        cancellation.end();
        assertEquals(1, recallOnceSampled(1));
        awaitClosedViews(2);
    }

    @Test
    void restsAfterASearch() {
        answered(2, 0, 1);
        awaitClosedViews(1);
        answered(2, 0, 1);
        assertEquals(2, closedViews.get());
        rest(2);
        answered(2, 0, 1);
        recallOnceSampled(2);
    }

    @Test
    void passesByWhatThereIsNothingToLearnFrom() {
        shown(2, every, null, new SearchEffort.TargetRecall(1), 0, 1);
        assertEquals(1, closedViews.get());
        shown(0, every, null);
        assertEquals(2, closedViews.get());
        cancellation.cancel();
        shown(2, every, null, 0, 1);
        assertEquals(3, closedViews.get());
    }

    @Test
    void nothingIsHeldWhereNobodyTellsThatTheAnswerHasGoneOut() {
        cancellation.end();
        shown(2, every, null, 0, 1);
        assertEquals(1, closedViews.get());
    }

    @Test
    void isGivenUpWhenTheExecutorCloses() throws InterruptedException {
        begunOnManyRows();
        shadows.close();
        assertEquals(1, closedViews.get());
        assertEquals(0, shadows.sampleCount());
        answered(2, 0, 1);
        assertEquals(2, closedViews.get());
    }

    @Test
    void whatBeginsAfterTheCloseHoldsNothing() {
        shown(2, every, null, 0, 1);
        shadows.close();
        cancellation.end();
        assertEquals(1, closedViews.get());
        assertEquals(0, shadows.sampleCount());
    }

    @Test
    void isGivenUpWhenItsCollectionIsDroppedAndOnlyThen() throws InterruptedException {
        begunOnManyRows();
        shadows.giveUp(CollectionId.random());
        assertEquals(0, closedViews.get());
        shadows.giveUp(collection);
        awaitClosedViews(1);
        assertEquals(0, shadows.sampleCount());
    }

    @Test
    void isGivenUpAfterAWhile() throws InterruptedException {
        begunOnManyRows();
        awaitClosedViews(1);
        assertEquals(0, shadows.sampleCount());
    }

    @Test
    void aFailureReleasesTheViewAndEndsNothing() {
        Segment broken = WatchedSegment.of(segment, () -> {
            throw new IllegalStateException("broken by the test");
        });
        shown(2, ViewPart.delta(broken, ROWS, OFFSET), null, 0, 1);
        cancellation.end();
        rest(1);
        assertEquals(0, shadows.sampleCount());
        answered(2, 0, 1);
        assertEquals(1, recallOnceSampled(1));
    }

    @Test
    void drawsOneInSoMany() {
        shadows.close();
        shadows = new ShadowSearches(10, this::tick);
        int drawn = 0;
        for (int i = 1; i <= 1_000; i++) {
            cancellation = begun();
            shown(1, every, null, 0);
            drawn += closedViews.get() == i ? 0 : 1;
            cancellation.end();
            rest(i);
        }
        assertEquals(drawn, shadows.sampleCount());
        assertTrue(drawn > 70 && drawn < 130, "drawn: " + drawn);
    }

    @Test
    void drawsNoneWhereNoneIsWanted() {
        shadows.close();
        shadows = new ShadowSearches(0, this::tick);
        shown(2, every, null, 0, 1);
        assertEquals(1, closedViews.get());
    }

    /** Each look at the clock takes a millisecond. */
    private long tick() {
        return nowNs.addAndGet(1_000_000);
    }

    private static Cancellation begun() {
        Cancellation batch = new Cancellation();
        batch.begin();
        return batch;
    }

    /** A search that reads rows for minutes, unless it is given up. */
    private void begunOnManyRows() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        Segment slow = WatchedSegment.of(segment, () -> {
            begun.countDown();
            LockSupport.parkNanos(1_000_000);
        });
        shown(2, ViewPart.delta(slow, 500_000_000, OFFSET), null, 0, 1);
        cancellation.end();
        begun.await();
    }

    /** A batch with one query for {@code k} rows, answered with these rows. */
    private void answered(int k, int... rows) {
        cancellation = begun();
        shown(k, every, null, rows);
        cancellation.end();
    }

    private void shown(int k, ViewPart part, @Nullable RowSet candidates, int... rows) {
        shown(k, part, candidates, SearchEffort.DEFAULT, rows);
    }

    /** Shows one search as a search thread does, which closes its view then. */
    private void shown(int k, ViewPart part, @Nullable RowSet candidates, SearchEffort effort, int... rows) {
        try (CollectionView view = new CollectionView(OFFSET, List.of(part), ROWS, closedViews::incrementAndGet)) {
            Candidates accepted = new Candidates(Collections.singletonList(candidates));
            shadows.answered(view, accepted, List.of(asked(k, effort)), _ -> found(rows));
        }
    }

    private AskedNearest asked(int k, SearchEffort effort) {
        Query.Nearest query = ExecutorFixture.nearest(collection, k, 0).withEffort(effort);
        QueryClock clock = new QueryClock(cancellation, query.deadline());
        return AskedNearest.of(new Asked(0, query, clock), query, SearchEffort.DEFAULT);
    }

    private FoundRows found(int... rows) {
        FoundRows found = new FoundRows();
        for (int row : rows) {
            found.add(segment, row, row * row);
        }
        return found;
    }

    private double recallOnceSampled(int samples) {
        Eventually.await(() -> shadows.sampleCount() == samples, () -> shadows.sampleCount() + " samples");
        return shadows.recall().orElseThrow();
    }

    private void awaitClosedViews(int count) {
        Eventually.await(() -> closedViews.get() == count, () -> closedViews + " views are closed");
    }

    /** Until the next search may begin, however long the last one looked at the clock. */
    private void rest(int searchesEnded) {
        awaitClosedViews(searchesEnded);
        nowNs.addAndGet(Duration.ofSeconds(10).toNanos());
    }
}

package io.quiver.executor;

import static io.quiver.executor.ExecutorFixture.add;
import static io.quiver.executor.ExecutorFixture.delete;
import static io.quiver.executor.ExecutorFixture.nearest;
import static io.quiver.executor.ExecutorFixture.scan;
import static io.quiver.executor.ExecutorFixture.soon;
import static io.quiver.executor.ExecutorFixture.update;
import static io.quiver.executor.ExecutorFixture.upsert;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.executor.query.Consistency;
import io.quiver.executor.query.Deadline;
import io.quiver.executor.query.Filter;
import io.quiver.executor.query.Hits;
import io.quiver.executor.query.Projection;
import io.quiver.executor.query.Query;
import io.quiver.executor.query.Rank;
import io.quiver.log.catalog.Manifest;
import io.quiver.log.record.CollectionId;
import io.quiver.log.record.Embedding;
import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.LogOffset;
import io.quiver.log.record.QuiverException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalExecutorTest {
    @TempDir
    Path directory;

    private ExecutorFixture quiver;
    private CollectionId arrows;

    @BeforeEach
    void open() throws IOException {
        quiver = ExecutorFixture.open(directory, ExecutorFixture.smallDeltas(4));
        arrows = quiver.create("arrows");
    }

    @AfterEach
    void close() {
        quiver.close();
    }

    @Test
    void whatIsAcknowledgedIsSeen() {
        LogOffset offset = quiver.write(arrows, add("a", 1, 2), add("b", 3, 4));
        Hits hits = quiver.one(scan(arrows));
        assertEquals(List.of("a", "b"), hits.ids());
        assertEquals(List.of(Embedding.of(1, 2), Embedding.of(3, 4)), hits.embeddings());
        assertEquals(offset, hits.offset());
        assertEquals(offset, quiver.executor.applied(arrows));
    }

    @Test
    void addKeepsTheFirstUpsertMergesUpdateAndDeleteOfAMissingIdDoNothing() {
        quiver.write(arrows, add("a", 1, 1), add("a", 2, 2), update("a", "first"));
        quiver.write(arrows, upsert("a", 3, 3), update("b", "nobody"), delete("c"));
        Hits hits = quiver.one(scan(arrows));
        assertEquals(List.of("a"), hits.ids());
        assertEquals(List.of(Embedding.of(3, 3)), hits.embeddings());
        assertEquals(List.of("first"), hits.documents());
        assertEquals(1, quiver.count(arrows));
    }

    @Test
    void aRecordKeepsItsPlaceUntilItIsDeleted() {
        quiver.write(arrows, add("a", 1), add("b", 1), add("c", 1));
        quiver.write(arrows, upsert("a", 2), upsert("c", 2));
        assertEquals(List.of("a", "b", "c"), quiver.ids(arrows));
        quiver.write(arrows, delete("a"), add("a", 3));
        assertEquals(List.of("b", "c", "a"), quiver.ids(arrows));
    }

    @Test
    void pagesAreCutFromTheOrderOfInsertionAcrossSegments() {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < 23; i++) {
            quiver.write(arrows, add("r" + i, i));
            all.add("r" + i);
        }
        quiver.write(arrows, upsert("r5", 50), upsert("r1", 10));
        for (int skip = 0; skip < 25; skip += 3) {
            Hits page = quiver.one(scan(arrows, skip, 5, Filter.ALL));
            assertEquals(all.subList(Math.min(skip, 23), Math.min(skip + 5, 23)), page.ids());
        }
        assertEquals(List.of(), quiver.one(scan(arrows, 0, 0, Filter.ALL)).ids());
    }

    @Test
    void theNearestComeFirstAndTiesInOrderOfInsertion() {
        for (int i = 0; i < 12; i++) {
            quiver.write(arrows, add("r" + i, (float) Math.floorDiv(i, 2)));
        }
        Hits hits = quiver.one(nearest(arrows, 5, 2));
        assertEquals(List.of("r4", "r5", "r2", "r3", "r6"), hits.ids());
        assertArrayEquals(new float[] {0, 0, 1, 1, 1}, hits.distances());
        assertEquals(0, quiver.one(nearest(arrows, 0, 2)).size());
    }

    @Test
    void aBatchOfQueriesIsAnsweredInItsOrderFromOneView() {
        CollectionId others = quiver.create("others");
        quiver.write(arrows, add("a", 1), add("b", 2));
        quiver.write(others, add("z", 1, 1));
        List<Hits> hits = quiver.all(List.of(
                nearest(arrows, 1, 2),
                scan(others),
                nearest(arrows, 1, ExecutorFixture.ids("a"), 2),
                new Query.Count(arrows, ExecutorFixture.ids("b", "x"), Consistency.STRONG, soon())));
        assertEquals(List.of("b"), hits.get(0).ids());
        assertEquals(List.of("z"), hits.get(1).ids());
        assertEquals(List.of("a"), hits.get(2).ids());
        assertEquals(1, hits.get(3).total());
    }

    @Test
    void aCollectionWithoutRecordsHasNoHits() {
        assertEquals(0, quiver.one(nearest(arrows, 3, 1, 2, 3)).size());
        assertEquals(List.of(), quiver.ids(arrows));
        assertEquals(0, quiver.count(arrows));
    }

    @Test
    void anUnknownCollectionFailsTheBatch() {
        var failure = assertThrows(QuiverException.class, () -> quiver.ids(CollectionId.random()));
        assertEquals(ErrorCode.NOT_FOUND, failure.code());
    }

    @Test
    void anEmbeddingOfAnotherDimensionIsRefused() {
        quiver.write(arrows, add("a", 1, 2, 3));
        var failure = assertThrows(QuiverException.class, () -> quiver.one(nearest(arrows, 1, 1, 2)));
        assertEquals(ErrorCode.INVALID_ARGUMENT, failure.code());
        assertEquals("Collection expecting embedding with dimension of 3, got 2", failure.getMessage());
    }

    @Test
    void atLeastWaitsForItsOffsetAndNotForEver() {
        LogOffset last = quiver.write(arrows, add("a", 1));
        var waiting = quiver.executor
                .execute(List.of(atLeast(last.next(), Duration.ofSeconds(30))))
                .toFuture();
        quiver.write(arrows, add("b", 1));
        assertEquals(List.of("a", "b"), waiting.join().getFirst().ids());
        var failure = assertThrows(
                QuiverException.class, () -> quiver.one(atLeast(new LogOffset(1_000), Duration.ofMillis(20))));
        assertEquals(ErrorCode.UNAVAILABLE, failure.code());
        assertEquals(0, quiver.executor.stats().waiters());
    }

    @Test
    void whoDeletedFromACollectionThatNeverHadARecordSeesThat() {
        LogOffset deleted = quiver.write(arrows, delete("a"));
        assertEquals(
                deleted, quiver.one(atLeast(deleted, Duration.ofSeconds(30))).offset());
        assertEquals(deleted, quiver.executor.applied(arrows));
        LogOffset added = quiver.write(arrows, add("a", 1));
        assertEquals(added, quiver.one(atLeast(deleted, Duration.ofSeconds(30))).offset());
    }

    private Query atLeast(LogOffset offset, Duration patience) {
        return new Query.Scan(
                arrows, 0, 10, Filter.ALL, Projection.IDS, new Consistency.AtLeast(offset), Deadline.after(patience));
    }

    @Test
    void whatIsNotCompactedIsNotInTheIndex() {
        quiver.write(arrows, add("a", 1));
        Query query = new Query.Count(arrows, Filter.ALL, new Consistency.IndexOnly(), soon());
        assertEquals(0, quiver.one(query).total());
    }

    @Test
    void aDeadlineThatHasPassedGivesAPartialAnswer() {
        quiver.write(arrows, add("a", 1));
        Query.Nearest late = new Query.Nearest(
                arrows,
                Embedding.of(1),
                1,
                Filter.ALL,
                Projection.IDS,
                Consistency.STRONG,
                Deadline.after(Duration.ofSeconds(-1)));
        assertTrue(quiver.one(late).partial());
        assertEquals(1, quiver.executor.stats().partial());
    }

    @Test
    void aFilterStopsAtTheDeadlineOfTheLastWhoWaits() {
        quiver.write(arrows, add("a", 1), update("a", "a quiver"));
        Filter filter = new Filter.DocumentMatches("[a-z]+");
        Query late = new Query.Scan(
                arrows, 0, 10, filter, Projection.IDS, Consistency.STRONG, Deadline.after(Duration.ofSeconds(-1)));
        Hits alone = quiver.one(late);
        assertTrue(alone.partial());
        assertEquals(List.of(), alone.ids());
        List<Hits> together = quiver.all(List.of(late, scan(arrows, 0, 10, filter)));
        assertTrue(together.getFirst().partial());
        assertEquals(List.of("a"), together.getLast().ids());
        assertFalse(together.getLast().partial());
    }

    @Test
    void aDroppedCollectionIsGoneAndItsMemoryToo() {
        for (int i = 0; i < 20; i++) {
            quiver.write(arrows, add("r" + i, i));
        }
        assertTrue(quiver.budget.usedBytes() > 0);
        quiver.drop(arrows);
        var failure = assertThrows(QuiverException.class, () -> quiver.ids(arrows));
        assertEquals(ErrorCode.NOT_FOUND, failure.code());
        Eventually.await(() -> quiver.budget.usedBytes() == 0, () -> quiver.budget.usedBytes() + " bytes");
    }

    @Test
    void aCollectionThatIsAheadOfTheLogIsDamagedAndTheOthersAnswer() throws IOException {
        CollectionId bows = quiver.create("bows");
        quiver.write(arrows, add("a", 1, 2));
        quiver.write(bows, add("b", 1, 2));
        quiver.catalog
                .publish(arrows, new Manifest(1, new LogOffset(1_000), List.of()))
                .block();
        quiver.close();
        quiver = ExecutorFixture.open(directory, ExecutorFixture.smallDeltas(4));
        assertEquals(
                Map.of(arrows, "log: it ends at offset 2, but segments reach 1000: files are missing"),
                quiver.executor.damaged());
        QuiverException refusal = assertThrows(QuiverException.class, () -> quiver.ids(arrows));
        assertEquals(ErrorCode.UNAVAILABLE, refusal.code());
        assertEquals(List.of("b"), quiver.ids(bows));
    }

    @Test
    void theLogBringsEverythingBackInTheSameOrder() throws IOException {
        for (int i = 0; i < 20; i++) {
            quiver.write(arrows, add("r" + i, i), upsert("r" + i / 2, -i), delete("r" + i / 3));
        }
        Hits before = quiver.one(scan(arrows));
        quiver.close();
        quiver = ExecutorFixture.open(directory, ExecutorFixture.smallDeltas(7));
        assertEquals(before.ids(), quiver.ids(arrows));
        assertEquals(before.embeddings(), quiver.one(scan(arrows)).embeddings());
    }

    @Test
    void aSearchWhoseTimeIsOverIsPartial() {
        quiver.write(arrows, add("a", 1, 0), add("b", 2, 0));
        Rank.Knn knn = new Rank.Knn(new Rank.Target.Dense(Embedding.of(1, 0)), 2, null, false);
        Hits late = quiver.one(search(knn, Deadline.after(Duration.ZERO)));
        assertTrue(late.partial());
        assertEquals(List.of(), late.ids());
        Hits inTime = quiver.one(search(knn, soon()));
        assertFalse(inTime.partial());
        assertEquals(List.of("a", "b"), inTime.ids());
        assertArrayEquals(new float[] {0, 1}, inTime.distances());
    }

    private Query.Search search(Rank rank, Deadline deadline) {
        return new Query.Search(
                arrows, rank, null, 0, 10, Filter.ALL, Projection.EVERYTHING, Consistency.STRONG, deadline);
    }
}

package io.quiver.executor.segment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.executor.index.Metric;
import io.quiver.executor.index.Seeds;
import io.quiver.executor.segment.OffHeapBudget.Owner;
import io.quiver.log.catalog.Manifest;
import io.quiver.log.record.CollectionId;
import io.quiver.log.record.LogOffset;
import io.quiver.log.record.QuiverException;
import io.quiver.log.record.VectorRecord;
import io.quiver.log.storage.DiskStorage;
import io.quiver.log.storage.Storage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SealedSegmentTest {
    @TempDir
    Path directory;

    private final OffHeapBudget budget = new OffHeapBudget(1 << 30);
    private final CollectionId collection = CollectionId.random();
    private Storage storage;
    private LocalSegmentStore store;

    @BeforeEach
    void openStore() throws IOException {
        storage = DiskStorage.open(directory);
        store = new LocalSegmentStore(storage, budget);
    }

    /** What a delta answered, the sealed segment made of it answers too, to the last bit. */
    @ParameterizedTest
    @EnumSource(Metric.class)
    void givesBackTheRowsAndTheDistancesOfTheDelta(Metric metric) throws IOException {
        Random random = Seeds.random("givesBackTheRowsAndTheDistancesOfTheDelta " + metric);
        for (int dimension : new int[] {1, 16, 1 + random.nextInt(300)}) {
            List<VectorRecord> records = Records.random(random, 1 + random.nextInt(3_000), dimension, 0);
            DeltaSegment delta = SegmentFixture.delta(records, metric, budget);
            SealedSegment sealed = seal(delta, metric, dimension);
            assertSameRows(delta, sealed);
            List<float[]> queries = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                queries.add(Seeds.embedding(random, dimension));
            }
            assertEquals(SegmentFixture.nearest(delta, queries, 50), SegmentFixture.nearest(sealed, queries, 50));
            sealed.verify();
            delta.release();
            sealed.release();
            assertEquals(0, budget.usedBytes());
        }
    }

    private static void assertSameRows(Segment expected, Segment found) {
        assertEquals(expected.rowCount(), found.rowCount());
        for (int row = 0; row < expected.rowCount(); row++) {
            assertEquals(expected.record(row), found.record(row));
            assertEquals(expected.insertion(row), found.insertion(row));
            assertEquals(expected.writtenAt(row), found.writtenAt(row));
            assertEquals(row, found.rowOf(expected.id(row)));
        }
        assertEquals(-1, found.rowOf("unknown"));
        assertEquals(-1, found.rowOf(""));
    }

    @Test
    void opensWithTheTombstonesThatWereWritten() throws IOException {
        Random random = Seeds.random("opensWithTheTombstonesThatWereWritten");
        SealedSegment sealed = sealed(Records.random(random, 2_000, 4, 0));
        for (int i = 0; i < 500; i++) {
            sealed.tombstones().end(random.nextInt(2_000), new LogOffset(100 + random.nextInt(100)));
        }
        String name = store.writeTombstones(collection, sealed, 150);
        assertEquals("tombstones-150.qt", name);
        Manifest.Segment entry = new Manifest.Segment(sealed.name(), 2_000, sealed.sizeBytes(), name, 0);
        SealedSegment opened = store.open(collection, Metric.SQUARED_L2, 4, entry);
        for (int row = 0; row < 2_000; row++) {
            assertEquals(
                    sealed.tombstones().isLive(row, 150), opened.tombstones().isLive(row, 150));
            assertTrue(opened.tombstones().isLive(row, 149));
        }
        opened.release();
        sealed.release();
    }

    @Test
    void countsItsFilesAndFreesThemWithTheLastShare() throws IOException {
        SealedSegment sealed = sealed(Records.random(new Random(1), 100, 8, 0));
        assertEquals(sealed.sizeBytes(), budget.bytes(Owner.SEALED));
        assertTrue(sealed.retain());
        sealed.release();
        assertEquals("id-7", sealed.id(7));
        sealed.release();
        assertEquals(0, budget.usedBytes());
        assertFalse(sealed.retain());
        assertThrows(IllegalStateException.class, () -> sealed.id(7));
        assertThrows(IllegalStateException.class, () -> sealed.embedding(7));
        assertThrows(IllegalStateException.class, () -> SegmentFixture.nearest(sealed, List.of(new float[8]), 1));
        assertTrue(storage.exists("segments/" + collection + "/" + sealed.name()));
    }

    @Test
    void deletesItsFilesWithTheLastShareOnceRetired() throws IOException {
        SealedSegment sealed = sealed(Records.random(new Random(1), 100, 8, 0));
        assertTrue(sealed.retain());
        sealed.retire();
        sealed.release();
        assertEquals("id-7", sealed.id(7));
        assertTrue(storage.exists("segments/" + collection + "/" + sealed.name()));
        sealed.release();
        assertFalse(storage.exists("segments/" + collection + "/" + sealed.name()));
    }

    @Test
    void isNotOpenedWhereTheBudgetIsSpent() throws IOException {
        SealedSegment sealed = sealed(Records.random(new Random(1), 100, 8, 0));
        Manifest.Segment entry = new Manifest.Segment(sealed.name(), 100, sealed.sizeBytes(), null, 0);
        sealed.release();
        OffHeapBudget small = new OffHeapBudget(1_000);
        LocalSegmentStore poor = new LocalSegmentStore(storage, small);
        assertThrows(QuiverException.class, () -> poor.open(collection, Metric.SQUARED_L2, 8, entry));
        assertEquals(0, small.usedBytes());
    }

    @Test
    void isNotOpenedAsSomethingElse() throws IOException {
        SealedSegment sealed = sealed(Records.random(new Random(1), 100, 8, 0));
        sealed.release();
        Manifest.Segment entry = new Manifest.Segment(sealed.name(), 100, 1, null, 0);
        assertRefused("dimension: expected 7, found 8", Metric.SQUARED_L2, 7, entry);
        assertRefused("metric: expected 3, found 1", Metric.INNER_PRODUCT, 8, entry);
        assertRefused(
                "rows: expected 99, found 100",
                Metric.SQUARED_L2,
                8,
                new Manifest.Segment(sealed.name(), 99, 1, null, 0));
        assertRefused(
                "there is no such file",
                Metric.SQUARED_L2,
                8,
                new Manifest.Segment(sealed.name(), 100, 1, "tombstones-9.qt", 1));
        assertRefused(
                "there is no such file",
                Metric.SQUARED_L2,
                8,
                new Manifest.Segment(UUID.randomUUID().toString(), 100, 1, null, 0));
        assertEquals(0, budget.usedBytes());
    }

    private void assertRefused(String reason, Metric metric, int dimension, Manifest.Segment entry) {
        var refusal =
                assertThrows(CorruptSegmentException.class, () -> store.open(collection, metric, dimension, entry));
        assertTrue(String.valueOf(refusal.getMessage()).endsWith(reason), refusal::getMessage);
    }

    private SealedSegment sealed(List<VectorRecord> records) throws IOException {
        DeltaSegment delta = SegmentFixture.delta(records, Metric.SQUARED_L2, budget);
        try {
            return seal(delta, Metric.SQUARED_L2, records.getFirst().embedding().dimension());
        } finally {
            delta.release();
        }
    }

    private SealedSegment seal(Segment source, Metric metric, int dimension) throws IOException {
        try (SegmentWriter writer = store.create(collection, metric, dimension)) {
            for (int row = 0; row < source.rowCount(); row++) {
                writer.append(source, row);
            }
            Manifest.Segment entry = writer.finish();
            assertEquals(source.rowCount(), entry.rowCount());
            return store.open(collection, metric, dimension, entry);
        }
    }
}

package io.quiver.executor.segment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.executor.index.Metric;
import io.quiver.log.catalog.Manifest;
import io.quiver.log.record.CollectionId;
import io.quiver.log.record.LogOffset;
import io.quiver.log.storage.SimulatedStorage;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LocalSegmentStoreTest {
    private final OffHeapBudget budget = new OffHeapBudget(1 << 30);
    private final CollectionId collection = CollectionId.random();
    private final SimulatedStorage storage = new SimulatedStorage();
    private final LocalSegmentStore store = new LocalSegmentStore(storage, budget);
    private final DeltaSegment source =
            SegmentFixture.delta(Records.random(new Random(3), 30, 5, 0), Metric.INNER_PRODUCT, budget);

    @AfterEach
    void everythingWasGivenBack() {
        source.release();
        assertEquals(0, budget.usedBytes());
    }

    @Test
    void makesASegmentThatSurvivesAPowerCut() throws IOException {
        Manifest.Segment entry = write(store);
        SealedSegment survivor =
                new LocalSegmentStore(storage.crash(), budget).open(collection, Metric.INNER_PRODUCT, 5, entry);
        survivor.verify();
        assertEquals(entry.sizeBytes(), survivor.sizeBytes());
        survivor.release();
    }

    /** Wherever the power goes, either the writer failed and what it left is cleared, or the segment is whole. */
    @Test
    void leavesNothingHalfDoneBehindWhereverThePowerGoes() throws IOException {
        SimulatedStorage rehearsal = new SimulatedStorage();
        write(new LocalSegmentStore(rehearsal, budget));
        for (long call = 1; call <= rehearsal.callCount(); call++) {
            SimulatedStorage doomed = new SimulatedStorage();
            doomed.powerOffAt(call);
            assertThrows(IOException.class, () -> write(new LocalSegmentStore(doomed, budget)));
            SimulatedStorage survivor = doomed.crash(call);
            LocalSegmentStore next = new LocalSegmentStore(survivor, budget);
            next.deleteUnnamed(collection, Manifest.EMPTY);
            assertEquals(List.of(), survivor.list("segments/" + collection));
        }
    }

    /** A line of forks is only limited by what is different in them. */
    @Test
    void countsFilesOnceHoweverManyForksHaveLinksToThem() throws IOException {
        Manifest.Segment entry = write(store);
        long before = budget.usedBytes();
        SealedSegment original = store.open(collection, Metric.INNER_PRODUCT, 5, entry);
        long once = budget.usedBytes() - before;
        CollectionId fork = CollectionId.random();
        store.link(collection, List.of(original), fork);
        SealedSegment linked = store.open(fork, Metric.INNER_PRODUCT, 5, entry);
        assertEquals(once, budget.usedBytes() - before);
        original.release();
        assertEquals(once, budget.usedBytes() - before);
        linked.release();
        assertEquals(before, budget.usedBytes());
    }

    @Test
    void deletesWhatNoManifestNames() throws IOException {
        Manifest.Segment kept = write(store);
        Manifest.Segment dropped = write(store);
        SealedSegment open = store.open(collection, Metric.INNER_PRODUCT, 5, kept);
        open.tombstones().end(3, new LogOffset(7));
        store.writeTombstones(collection, open, 7);
        open.tombstones().end(4, new LogOffset(8));
        String tombstones = store.writeTombstones(collection, open, 8);
        open.release();
        Manifest.Segment named = new Manifest.Segment(kept.name(), 30, kept.sizeBytes(), tombstones, 2);

        LocalSegmentStore restarted = new LocalSegmentStore(storage, budget);
        restarted.deleteUnnamed(collection, new Manifest(1, new LogOffset(8), List.of(named)));

        assertEquals(List.of(kept.name()), storage.list("segments/" + collection));
        assertTrue(!dropped.name().equals(kept.name()));
        SealedSegment reopened = restarted.open(collection, Metric.INNER_PRODUCT, 5, named);
        assertEquals(2, reopened.tombstones().count());
        reopened.verify();
        reopened.release();
        assertEquals(
                List.of("ids.qi", "records.qr", "rows.qo", "sparse.qs", "text", "tombstones-8.qt", "vectors.qv"),
                storage.list("segments/" + collection + "/" + kept.name()));
    }

    @Test
    void sparesWhatIsBeingWritten() throws IOException {
        try (SegmentWriter writer = store.create(collection, Metric.INNER_PRODUCT, 5)) {
            writer.append(source, 0);
            store.deleteUnnamed(collection, Manifest.EMPTY);
            Manifest.Segment entry = writer.finish();
            store.deleteUnnamed(collection, Manifest.EMPTY);
            SealedSegment sealed = store.open(collection, Metric.INNER_PRODUCT, 5, entry);
            assertEquals(1, sealed.rowCount());
            sealed.release();
        }
    }

    @Test
    void leavesNothingOfAWriterThatDoesNotFinish() throws IOException {
        try (SegmentWriter writer = store.create(collection, Metric.INNER_PRODUCT, 5)) {
            writer.append(source, 0);
            writer.append(source, 1);
            assertThrows(IllegalArgumentException.class, () -> writer.append(source, 1));
        }
        assertEquals(List.of(), storage.list("segments/" + collection));
    }

    @Test
    void knowsTheCollectionsThatHaveFiles() throws IOException {
        assertEquals(List.of(), store.collections());
        write(store);
        assertEquals(List.of(collection), store.collections());
        new LocalSegmentStore(storage, budget).deleteUnnamed(collection, Manifest.EMPTY);
        assertEquals(List.of(), store.collections());
    }

    private Manifest.Segment write(SegmentStore store) throws IOException {
        try (SegmentWriter writer = store.create(collection, Metric.INNER_PRODUCT, 5)) {
            for (int row = 0; row < source.rowCount(); row++) {
                writer.append(source, row);
            }
            return writer.finish();
        }
    }
}

package io.quiver.executor.segment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.executor.index.Metric;
import io.quiver.executor.index.RecallCurve;
import io.quiver.executor.segment.OffHeapBudget.Owner;
import io.quiver.log.catalog.Manifest;
import io.quiver.log.record.CollectionId;
import io.quiver.log.record.LogOffset;
import io.quiver.log.storage.SimulatedStorage;
import io.quiver.log.storage.Storage;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A segment gets its graph after it was published, and does without where that cannot be read. */
class SealedGraphTest {
    private static final int DIMENSION = 8;
    private static final int ROWS = 300;

    private final OffHeapBudget budget = new OffHeapBudget(64 << 20);
    private final SimulatedStorage storage = new SimulatedStorage();
    private final LocalSegmentStore store = new LocalSegmentStore(storage, budget);
    private final CollectionId collection = CollectionId.random();
    private Manifest.Segment entry;

    @BeforeEach
    void writeSegment() throws IOException {
        entry = SegmentFixture.write(
                store, collection, Metric.COSINE, Records.random(new Random(5), ROWS, DIMENSION, 0));
    }

    private SealedSegment open(Storage from) throws IOException {
        return new LocalSegmentStore(from, budget).open(collection, Metric.COSINE, DIMENSION, entry);
    }

    private String path(String file) {
        return "segments/%s/%s/%s".formatted(collection, entry.name(), file);
    }

    private void writeGraph() throws IOException {
        SealedSegment segment = open(storage);
        writeGraph(segment);
        segment.release();
    }

    private void writeGraph(Segment segment) throws IOException {
        try (BuildMemory memory = store.buildMemory()) {
            store.writeGraph(collection, segment, Graphs.build(segment, memory));
        }
        assertEquals(0, budget.bytes(Owner.WRITER));
    }

    @Test
    void isScannedUntilItsGraphIsThere() throws IOException {
        SealedSegment segment = open(storage);
        var scan = segment.index();
        segment.warm(() -> false);
        assertFalse(segment.hasGraph());
        writeGraph(segment);
        assertEquals(RecallCurve.EXACT, segment.index().recallCurve());
        segment.warm(() -> false);
        assertTrue(segment.hasGraph());
        assertEquals(Graphs.CURVE, segment.index().recallCurve());
        assertNotEquals(scan, segment.index());
        segment.verify();
        segment.release();
        assertEquals(0, budget.usedBytes());
    }

    @Test
    void isSearchedInItsFileUntilTheGraphIsLoaded() throws IOException {
        writeGraph();
        SealedSegment segment = open(storage);
        assertTrue(segment.hasGraph());
        assertEquals(0, budget.bytes(Owner.GRAPH));
        float[] query = new float[DIMENSION];
        Arrays.fill(query, 1);
        List<String> mapped = SegmentFixture.nearest(segment, List.of(query), 10);
        segment.warm(() -> false);
        assertEquals(HugePages.PAGE_BYTES, budget.bytes(Owner.GRAPH));
        assertEquals(mapped, SegmentFixture.nearest(segment, List.of(query), 10));
        segment.warm(() -> false);
        assertEquals(HugePages.PAGE_BYTES, budget.bytes(Owner.GRAPH));
        segment.release();
        assertEquals(0, budget.usedBytes());
        assertThrows(IllegalStateException.class, () -> SegmentFixture.nearest(segment, List.of(query), 10));
    }

    @Test
    void staysInItsFileWhereMemoryIsShort() throws IOException {
        writeGraph();
        SealedSegment segment = open(storage);
        long others = budget.limitBytes() - budget.usedBytes() - HugePages.PAGE_BYTES;
        budget.reserve(Owner.DELTA, others);
        segment.warm(() -> false);
        assertTrue(segment.hasGraph());
        assertEquals(0, budget.bytes(Owner.GRAPH));
        budget.release(Owner.DELTA, others);
        segment.release();
    }

    @Test
    void staysInItsFileWhereLoadingIsGivenUp() throws IOException {
        writeGraph();
        SealedSegment segment = open(storage);
        segment.warm(() -> true);
        assertTrue(segment.hasGraph());
        assertEquals(0, budget.bytes(Owner.GRAPH));
        segment.release();
    }

    @Test
    void isScannedWhereItsGraphIsDamagedAndSaysSoWhenItIsVerified() throws IOException {
        writeGraph();
        Random random = new Random(3);
        for (String file : List.of(path("graph.qg"), path("recall.qc"))) {
            byte[] whole = storage.bytes(file);
            int step = Math.max(1, whole.length / 50);
            for (int i = random.nextInt(step); i < whole.length; i += step) {
                byte[] bytes = whole.clone();
                bytes[i] ^= (byte) (1 + random.nextInt(255));
                assertDoesWithout(file, bytes, "byte " + i);
            }
            assertDoesWithout(file, Arrays.copyOf(whole, whole.length - 1), "cut");
            assertDoesWithout(file, new byte[0], "empty");
        }
        assertEquals(0, budget.usedBytes());
    }

    private void assertDoesWithout(String file, byte[] bytes, String what) throws IOException {
        SimulatedStorage damaged = storage.copy();
        damaged.overwrite(file, bytes);
        SealedSegment segment = open(damaged);
        segment.warm(() -> false);
        assertFalse(segment.hasGraph(), file + ", " + what);
        assertEquals(
                10,
                SegmentFixture.nearest(segment, List.of(new float[DIMENSION]), 10)
                        .size());
        assertThrows(CorruptSegmentException.class, segment::verify, file + ", " + what);
        segment.release();
    }

    @Test
    void getsANewGraphInThePlaceOfADamagedOne() throws IOException {
        writeGraph();
        byte[] bytes = storage.bytes(path("graph.qg"));
        bytes[bytes.length / 2] ^= 1;
        storage.overwrite(path("graph.qg"), bytes);
        SealedSegment segment = open(storage);
        segment.warm(() -> false);
        assertFalse(segment.hasGraph());
        writeGraph(segment);
        segment.warm(() -> false);
        assertTrue(segment.hasGraph());
        segment.verify();
        segment.release();
    }

    @Test
    void hasAGraphOfOneFormAtATime() throws IOException {
        writeGraph();
        SealedSegment segment = open(storage);
        try (BuildMemory memory = store.buildMemory()) {
            store.writeGraph(collection, segment, Graphs.compact(segment, memory));
        }
        segment.release();
        assertFalse(storage.exists(path("graph.qg")));
        SealedSegment again = open(storage);
        assertTrue(again.hasGraph());
        float[] query = new float[DIMENSION];
        Arrays.fill(query, 1);
        List<String> mapped = SegmentFixture.nearest(again, List.of(query), 10);
        again.warm(() -> false);
        assertEquals(HugePages.PAGE_BYTES, budget.bytes(Owner.GRAPH));
        assertEquals(mapped, SegmentFixture.nearest(again, List.of(query), 10));
        again.verify();
        again.release();
        assertEquals(0, budget.usedBytes());
    }

    @Test
    void isScannedWhereItsCompactGraphIsDamaged() throws IOException {
        SealedSegment segment = open(storage);
        try (BuildMemory memory = store.buildMemory()) {
            store.writeGraph(collection, segment, Graphs.compact(segment, memory));
        }
        segment.release();
        byte[] bytes = storage.bytes(path("compact.qc"));
        bytes[bytes.length / 2] ^= 1;
        assertDoesWithout(path("compact.qc"), bytes, "compact");
    }

    @Test
    void isBuiltOnTheDiskWhereMemoryIsShort() throws IOException {
        SealedSegment segment = open(storage);
        long others = budget.limitBytes() - budget.usedBytes() - HugePages.PAGE_BYTES;
        budget.reserve(Owner.DELTA, others);
        try (BuildMemory memory = store.buildMemory()) {
            store.writeGraph(collection, segment, Graphs.compact(segment, memory));
            assertTrue(memory.isOnDisk());
        }
        budget.release(Owner.DELTA, others);
        segment.warm(() -> false);
        segment.verify();
        assertTrue(segment.hasGraph());
        segment.release();
    }

    @Test
    void losesWhatACrashLeftOfAGraph() throws IOException {
        writeGraph();
        store.deleteUnnamed(collection, manifest());
        assertTrue(storage.exists(path("graph.qg")));
        storage.delete(path("recall.qc"));
        assertFalse(openedHasGraph());
        store.deleteUnnamed(collection, manifest());
        assertFalse(storage.exists(path("graph.qg")));
    }

    @Test
    void survivesAPowerCutAtAnyCallWithItsGraphOrWithout() throws IOException {
        long before = storage.callCount();
        writeGraph();
        long calls = storage.callCount() - before;
        assertTrue(openedHasGraph());
        for (long call = 1; call <= calls; call++) {
            SimulatedStorage doomed = storage.copy();
            doomed.delete(path("recall.qc"));
            doomed.delete(path("graph.qg"));
            SimulatedStorage begun = doomed.copy();
            begun.powerOffAt(call);
            interrupted(begun);
            SimulatedStorage survivor = begun.crash(call);
            new LocalSegmentStore(survivor, budget).deleteUnnamed(collection, manifest());
            SealedSegment segment = open(survivor);
            segment.verify();
            assertEquals(segment.hasGraph(), survivor.exists(path("graph.qg")), "call " + call);
            assertEquals(segment.hasGraph(), survivor.exists(path("recall.qc")), "call " + call);
            segment.release();
        }
        assertEquals(0, budget.usedBytes());
    }

    private void interrupted(SimulatedStorage doomed) {
        LocalSegmentStore itsStore = new LocalSegmentStore(doomed, budget);
        try (BuildMemory memory = itsStore.buildMemory()) {
            SealedSegment segment = open(doomed);
            try {
                itsStore.writeGraph(collection, segment, Graphs.build(segment, memory));
            } finally {
                segment.release();
            }
        } catch (IOException powerIsOff) {
            // What survives is looked at next.
        }
    }

    private boolean openedHasGraph() throws IOException {
        SealedSegment segment = open(storage);
        boolean hasGraph = segment.hasGraph();
        segment.release();
        return hasGraph;
    }

    private Manifest manifest() {
        return new Manifest(1, new LogOffset(ROWS), List.of(entry));
    }
}

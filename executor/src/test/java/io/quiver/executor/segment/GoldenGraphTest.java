package io.quiver.executor.segment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.executor.index.GoldenFile;
import io.quiver.executor.index.Metric;
import io.quiver.executor.index.graph.GraphParameters;
import io.quiver.log.catalog.Manifest;
import io.quiver.log.record.VectorRecord;
import io.quiver.log.storage.DiskStorage;
import io.quiver.log.storage.Storage;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The graph of a segment as the server that introduced graphs wrote it: it must open for ever. Its files are in
 * {@code src/test/resources/segments/graph-v1}; {@link #main} wrote them.
 */
class GoldenGraphTest {
    private static final UUID NAME = UUID.fromString("0b5a4e6c-6f1e-4d6b-9a53-1f4f0a3c7e12");
    private static final List<String> FILES = List.of("graph.qg", "recall.qc");
    private static final int ROWS = 70;
    private static final int DIMENSION = 2;

    @TempDir
    Path directory;

    private final OffHeapBudget budget = new OffHeapBudget(1 << 30);
    private Storage storage;
    private Manifest.Segment entry;

    @BeforeEach
    void writeSegment() throws IOException {
        storage = DiskStorage.open(directory);
        entry = SegmentFixture.write(storage, NAME, Metric.SQUARED_L2, records(), budget);
    }

    /** Points of a spiral: {@code (row cos row, row sin row)}. */
    private static List<VectorRecord> records() {
        List<VectorRecord> records = new ArrayList<>();
        for (int row = 0; row < ROWS; row++) {
            float x = (float) (row * StrictMath.cos(row));
            float y = (float) (row * StrictMath.sin(row));
            records.add(Records.record("r" + row, x, y));
        }
        return records;
    }

    @Test
    void opensAndAnswersAsItDid() throws IOException {
        for (String file : FILES) {
            try (var copy = storage.create(SegmentFixture.DIRECTORY + "/" + file)) {
                copy.write(ByteBuffer.wrap(golden(file)), 0);
            }
        }
        SealedSegment opened = SegmentFixture.open(storage, Metric.SQUARED_L2, DIMENSION, entry, budget);
        assertTrue(opened.hasGraph());
        opened.verify();
        assertEquals(Graphs.CURVE, opened.index().recallCurve());
        for (int row = 0; row < ROWS; row++) {
            float[] query = opened.vectors().embedding(row);
            assertEquals(List.of(row + ":0"), SegmentFixture.nearest(opened, List.of(query), 1));
        }
        opened.release();
    }

    /** The writer still makes the same bytes, so a change of the format does not go unnoticed. */
    @Test
    void isWrittenAsItWas() throws IOException {
        byte[] whole = golden("graph.qg");
        MemorySegment image =
                MemorySegment.ofArray(whole).asSlice(FileHeader.BYTES, whole.length - FileHeader.BYTES - Integer.BYTES);
        GraphFiles.write(storage, SegmentFixture.DIRECTORY, NAME, DIMENSION, ROWS, built(image));
        for (String file : FILES) {
            Path written = directory.resolve(SegmentFixture.DIRECTORY).resolve(file);
            assertArrayEquals(golden(file), Files.readAllBytes(written), file);
        }
    }

    private static BuiltGraph built(MemorySegment image) {
        return new BuiltGraph(GraphForm.ROWS, image, Metric.SQUARED_L2, GraphParameters.DEFAULT, Graphs.CALIBRATION);
    }

    private static byte[] golden(String file) {
        return GoldenFile.bytes("/segments/graph-v1/" + file);
    }

    /** Writes the golden files, and the segment that they belong to, into a directory. */
    public static void main(String[] arguments) throws IOException {
        Storage storage = DiskStorage.open(Path.of(arguments[0]));
        OffHeapBudget budget = new OffHeapBudget(1 << 30);
        var entry = SegmentFixture.write(storage, NAME, Metric.SQUARED_L2, records(), budget);
        SealedSegment segment = SegmentFixture.open(storage, Metric.SQUARED_L2, DIMENSION, entry, budget);
        try (HotMemory memory = new HotMemory(budget, OffHeapBudget.Owner.WRITER)) {
            GraphFiles.write(storage, SegmentFixture.DIRECTORY, NAME, DIMENSION, ROWS, Graphs.build(segment, memory));
        }
        segment.release();
    }
}

package io.quiver.executor.segment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quiver.executor.index.GoldenFile;
import io.quiver.executor.index.Metric;
import io.quiver.executor.query.Filter;
import io.quiver.log.catalog.Manifest;
import io.quiver.log.record.Embedding;
import io.quiver.log.record.LogOffset;
import io.quiver.log.record.Metadata;
import io.quiver.log.record.MetadataValue;
import io.quiver.log.record.MetadataValue.Array;
import io.quiver.log.record.MetadataValue.Bool;
import io.quiver.log.record.MetadataValue.Int;
import io.quiver.log.record.MetadataValue.Real;
import io.quiver.log.record.MetadataValue.Text;
import io.quiver.log.record.VectorRecord;
import io.quiver.log.storage.DiskStorage;
import io.quiver.log.storage.Storage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A segment of format version 1, as the server that introduced it wrote it: it must open for ever. Its files are in
 * {@code src/test/resources/segments/v1}; {@link #main} wrote them.
 */
class GoldenSegmentTest {
    private static final UUID NAME = UUID.fromString("0b5a4e6c-6f1e-4d6b-9a53-1f4f0a3c7e11");
    private static final String TOMBSTONES = "tombstones-9.qt";

    /** Written by Quiver alone, byte for byte the same from the same records. */
    private static final List<String> OWN =
            List.of("ids.qi", "norms.qn", "records.qr", "rows.qo", TOMBSTONES, "vectors.qv");

    private static final List<String> FILES = List.of(
            "ids.qi",
            "norms.qn",
            "records.qr",
            "rows.qo",
            TOMBSTONES,
            "vectors.qv",
            "text/_1.cfe",
            "text/_1.cfs",
            "text/_1.si",
            "text/segments_1");

    @TempDir
    Path directory;

    private final OffHeapBudget budget = new OffHeapBudget(1 << 30);
    private Storage storage;

    @BeforeEach
    void copyFiles() throws IOException {
        storage = DiskStorage.open(directory);
        storage.createDirectories(SegmentFixture.DIRECTORY + "/text");
        for (String file : FILES) {
            try (var copy = storage.create(SegmentFixture.DIRECTORY + "/" + file)) {
                copy.write(ByteBuffer.wrap(golden(file)), 0);
            }
        }
    }

    @Test
    void opensAndAnswersAsItDid() throws IOException {
        Manifest.Segment entry = new Manifest.Segment(NAME.toString(), 4, 0, TOMBSTONES, 1);
        SealedSegment opened = SegmentFixture.open(storage, Metric.COSINE, 3, entry, budget);
        opened.verify();
        List<VectorRecord> records = records();
        for (int row = 0; row < records.size(); row++) {
            assertEquals(records.get(row), opened.record(row));
            assertEquals(10L * (row + 1), opened.insertion(row));
            assertEquals(new LogOffset(row + 1), opened.writtenAt(row));
            assertEquals(row, opened.rowOf(records.get(row).id()));
            assertEquals(row == 2 ? 9 : 0, opened.tombstones().endedAt(row));
        }
        assertEquals(
                2,
                opened.filters().rows(new Filter.DocumentContains("arrow"), 4).count());
        assertEquals(
                1,
                opened.filters()
                        .rows(new Filter.Equals("year", new Int(2026)), 4)
                        .count());
        assertEquals(
                List.of("0:0", "2:3e95f61a", "1:3f800000", "3:3f800000"),
                SegmentFixture.nearest(opened, List.of(new float[] {1, 0, 0}), 4));
        opened.release();
    }

    /** The writer still makes the same bytes, so a change of the format does not go unnoticed. */
    @Test
    void isWrittenAsItWas() throws IOException {
        Storage fresh = DiskStorage.open(directory.resolve("fresh"));
        write(fresh);
        for (String file : OWN) {
            Path written =
                    directory.resolve("fresh").resolve(SegmentFixture.DIRECTORY).resolve(file);
            assertArrayEquals(golden(file), Files.readAllBytes(written), file);
        }
    }

    private static List<VectorRecord> records() {
        Map<String, MetadataValue> fields = new LinkedHashMap<>();
        fields.put("year", new Int(2026));
        fields.put("score", new Real(0.5));
        fields.put("title", new Text("Quiver 箭袋"));
        fields.put("isNew", new Bool(true));
        fields.put("tags", new Array(List.of(new Text("a"), new Text("b"))));
        return List.of(
                record("a", "an arrow", null, Metadata.EMPTY, 2, 0, 0),
                record("b", null, "file:///b", new Metadata(fields), 0, 3, 0),
                record("箭", "two arrows", "", Metadata.EMPTY, 1, 0, 1),
                record("zero", "", null, Metadata.EMPTY, 0, 0, 0));
    }

    private static VectorRecord record(
            String id, @Nullable String document, @Nullable String uri, Metadata metadata, float... embedding) {
        return new VectorRecord(id, Embedding.of(embedding), document, uri, metadata);
    }

    private static void write(Storage storage) throws IOException {
        OffHeapBudget budget = new OffHeapBudget(1 << 30);
        var entry = SegmentFixture.write(storage, NAME, Metric.COSINE, records(), budget);
        SealedSegment sealed = SegmentFixture.open(storage, Metric.COSINE, 3, entry, budget);
        sealed.tombstones().end(2, new LogOffset(8));
        TombstoneFile.write(storage, SegmentFixture.DIRECTORY, NAME, sealed.tombstones(), 4, 9);
        sealed.release();
    }

    private static byte[] golden(String file) {
        return GoldenFile.bytes("/segments/v1/" + file);
    }

    /** Writes the golden files into a directory. */
    public static void main(String[] arguments) throws IOException {
        write(DiskStorage.open(Path.of(arguments[0])));
    }
}

package io.quiver.executor.segment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quiver.executor.index.GoldenFile;
import io.quiver.executor.index.Metric;
import io.quiver.executor.index.NearestRows;
import io.quiver.executor.sparse.SparseIndex.Search;
import io.quiver.log.catalog.Manifest;
import io.quiver.log.record.Embedding;
import io.quiver.log.record.Metadata;
import io.quiver.log.record.MetadataValue;
import io.quiver.log.record.MetadataValue.Sparse;
import io.quiver.log.record.MetadataValue.Text;
import io.quiver.log.record.SparseVector;
import io.quiver.log.record.VectorRecord;
import io.quiver.log.storage.DiskStorage;
import io.quiver.log.storage.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The file of sparse vectors as the server that introduced it wrote it, {@code src/test/resources/segments/sparse-v1}:
 * it must be read for ever, and is still written so. {@link #main} wrote it.
 */
class GoldenSparseTest {
    private static final UUID NAME = UUID.fromString("5c1f9a40-7d0e-4b5e-8a36-0f2d9be1c702");
    private static final String FILE = SegmentFixture.DIRECTORY + "/sparse.qs";

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

    @Test
    void isWrittenAsItWas() throws IOException {
        assertArrayEquals(golden(), Files.readAllBytes(directory.resolve(FILE)));
    }

    @Test
    void answersAsItDid() throws IOException {
        Files.write(directory.resolve(FILE), golden());
        SealedSegment opened = SegmentFixture.open(storage, Metric.SQUARED_L2, 1, entry, budget);
        opened.verify();
        assertEquals(List.of("39:-8.75", "38:-8.5", "37:-8.25"), nearest(opened, "sp", 2, 1_000_003));
        assertEquals(List.of("1:0.0", "4:1.75", "7:2.5"), nearest(opened, "other", -1, 8));
        opened.release();
    }

    /** The three nearest to a query of two terms, of weight 1 each. */
    private static List<String> nearest(Segment segment, String key, int first, int second) {
        boolean isAscending = Integer.compareUnsigned(first, second) < 0;
        int[] indices = isAscending ? new int[] {first, second} : new int[] {second, first};
        SparseVector query = SparseVector.of(indices, new float[] {1, 1}, null);
        NearestRows hits = new NearestRows(3, segment::insertion);
        segment.sparse().search(new Search(key, query, null, segment.rowCount(), _ -> true, hits, () -> false));
        hits.sort();
        List<String> found = new ArrayList<>();
        for (int i = 0; i < hits.size(); i++) {
            found.add(hits.row(i) + ":" + hits.distance(i));
        }
        return found;
    }

    /** One term that all have, one that a few have, one each of its own; negative ones under another key. */
    private static List<VectorRecord> records() {
        List<VectorRecord> records = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            SparseVector own = SparseVector.of(new int[] {2, 1_000_000 + i % 10}, new float[] {0.25f * i, 0.25f}, null);
            SparseVector other = SparseVector.of(new int[] {i + 7, -1}, new float[] {1, 0.25f - i * 0.25f}, null);
            Map<String, MetadataValue> fields = i % 3 == 1
                    ? Map.of("sp", new Sparse(own), "other", new Sparse(other), "text", new Text("x"))
                    : Map.of("sp", new Sparse(own));
            records.add(new VectorRecord("id" + i, Embedding.of(i), null, null, new Metadata(fields)));
        }
        return records;
    }

    private static byte[] golden() {
        return GoldenFile.bytes("/segments/sparse-v1/sparse.qs");
    }

    /** Writes the golden file into a directory. */
    public static void main(String[] arguments) throws IOException {
        Path target = Path.of(arguments[0]);
        SegmentFixture.write(DiskStorage.open(target), NAME, Metric.SQUARED_L2, records(), new OffHeapBudget(1 << 30));
        Files.copy(target.resolve(FILE), target.resolve("sparse.qs"), StandardCopyOption.REPLACE_EXISTING);
    }
}

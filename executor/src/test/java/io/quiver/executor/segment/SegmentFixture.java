package io.quiver.executor.segment;

import io.quiver.executor.filter.Indexed;
import io.quiver.executor.index.Metric;
import io.quiver.executor.index.NearestRows;
import io.quiver.executor.index.RowRange;
import io.quiver.executor.index.RowSearch;
import io.quiver.log.catalog.Manifest;
import io.quiver.log.record.CollectionId;
import io.quiver.log.record.LogOffset;
import io.quiver.log.record.VectorRecord;
import io.quiver.log.storage.Storage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Segments for tests, and what is asked of them. */
final class SegmentFixture {
    static final String DIRECTORY = "segments/golden";

    private SegmentFixture() {}

    /** A delta of these records: insertion 10, 20, 30, ..., log offset 1, 2, 3, ... */
    static DeltaSegment delta(List<VectorRecord> records, Metric metric, OffHeapBudget budget) {
        int dimension = records.getFirst().embedding().dimension();
        DeltaSegment delta =
                new DeltaSegment("delta", metric, dimension, records.size(), 1 << 30, budget, EveryRow::new);
        for (int row = 0; row < records.size(); row++) {
            delta.append(records.get(row), 10L * (row + 1), new LogOffset(row + 1));
        }
        return delta;
    }

    /** Writes a segment of this name into {@link #DIRECTORY}. */
    static Manifest.Segment write(
            Storage storage, UUID name, Metric metric, List<VectorRecord> records, OffHeapBudget budget)
            throws IOException {
        storage.createDirectories(DIRECTORY);
        int dimension = records.getFirst().embedding().dimension();
        DeltaSegment source = delta(records, metric, budget);
        try (SealedSegmentWriter writer =
                new SealedSegmentWriter(storage, DIRECTORY, name, metric, dimension, Indexed.EVERYTHING, budget)) {
            for (int row = 0; row < source.rowCount(); row++) {
                writer.append(source, row);
            }
            return writer.finish();
        } finally {
            source.release();
        }
    }

    /** Writes a segment of a collection, which no manifest names yet. */
    static Manifest.Segment write(
            LocalSegmentStore store, CollectionId collection, Metric metric, List<VectorRecord> records)
            throws IOException {
        DeltaSegment source = delta(records, metric, new OffHeapBudget(1L << 30));
        try (SegmentWriter writer =
                store.create(collection, metric, source.embeddings().dimension())) {
            for (int row = 0; row < source.rowCount(); row++) {
                writer.append(source, row);
            }
            return writer.finish();
        } finally {
            source.release();
        }
    }

    static SealedSegment open(
            Storage storage, Metric metric, int dimension, Manifest.Segment entry, OffHeapBudget budget)
            throws IOException {
        return SealedSegment.open(
                storage, DIRECTORY, metric, dimension, entry, budget, new SharedFiles(budget), new SharedGraphs());
    }

    /** The hits of a batch, as rows and bits of distances. */
    static List<String> nearest(Segment segment, List<float[]> queries, int k) {
        List<RowSearch> searches = new ArrayList<>();
        for (float[] query : queries) {
            NearestRows hits = new NearestRows(k, segment::insertion);
            searches.add(new RowSearch(query, null, row -> true, hits, () -> false));
        }
        segment.index().search(searches, new RowRange(0, segment.rowCount()));
        List<String> found = new ArrayList<>();
        for (RowSearch search : searches) {
            search.hits().sort();
            for (int i = 0; i < search.hits().size(); i++) {
                int bits = Float.floatToRawIntBits(search.hits().distance(i));
                found.add(search.hits().row(i) + ":" + Integer.toHexString(bits));
            }
        }
        return found;
    }
}

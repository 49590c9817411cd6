package io.quiver.loadtest.sparse;

import io.quiver.executor.filter.DeltaFilterIndex;
import io.quiver.executor.index.Metric;
import io.quiver.executor.index.NearestRows;
import io.quiver.executor.segment.DeltaSegment;
import io.quiver.executor.segment.LocalSegmentStore;
import io.quiver.executor.segment.OffHeapBudget;
import io.quiver.executor.segment.SealedSegment;
import io.quiver.executor.segment.SegmentWriter;
import io.quiver.executor.sparse.SparseIndex.Search;
import io.quiver.executor.sparse.SparseQuery;
import io.quiver.log.catalog.Manifest;
import io.quiver.log.record.CollectionId;
import io.quiver.log.record.Embedding;
import io.quiver.log.record.LogOffset;
import io.quiver.log.record.Metadata;
import io.quiver.log.record.MetadataValue.Sparse;
import io.quiver.log.record.SparseVector;
import io.quiver.log.record.VectorRecord;
import io.quiver.log.storage.DiskStorage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;

/** Records with sparse vectors in one sealed segment. Owns the segment. */
public final class SparseRecords implements AutoCloseable {
    private static final String KEY = "sparse";

    /** Records that are made, written and forgotten together. */
    private static final int BATCH_ROWS = 20_000;

    private static final long OFF_HEAP_BYTES = 1L << 40;

    private final OffHeapBudget budget = new OffHeapBudget(OFF_HEAP_BYTES);
    private final SealedSegment segment;

    /** Writes them into a directory, which takes about twelve bytes a term. */
    public SparseRecords(Path directory, ZipfVectors vectors, int rows) throws IOException {
        LocalSegmentStore store = new LocalSegmentStore(DiskStorage.open(directory), budget);
        CollectionId collection = new CollectionId(UUID.randomUUID());
        try (SegmentWriter writer = store.create(collection, Metric.SQUARED_L2, 1)) {
            for (int row = 0; row < rows; row += BATCH_ROWS) {
                write(writer, vectors, row, Math.min(rows, row + BATCH_ROWS));
            }
            Manifest.Segment written = writer.finish();
            segment = store.open(collection, Metric.SQUARED_L2, 1, written);
        }
    }

    private void write(SegmentWriter writer, ZipfVectors vectors, int from, int to) throws IOException {
        DeltaSegment batch = new DeltaSegment(
                "batch", Metric.SQUARED_L2, 1, to - from, Long.MAX_VALUE, budget, DeltaFilterIndex::new);
        for (int row = from; row < to; row++) {
            Metadata metadata = new Metadata(Map.of(KEY, new Sparse(vectors.record())));
            batch.append(
                    new VectorRecord("r" + row, Embedding.of(0), null, null, metadata),
                    row + 1,
                    new LogOffset(row + 1));
            writer.append(batch, row - from);
        }
        batch.release();
    }

    public int rows() {
        return segment.rowCount();
    }

    /** Bytes of all files. */
    public long sizeBytes() {
        return segment.sizeBytes();
    }

    public NearestRows nearest(SparseVector query, int k) {
        NearestRows hits = new NearestRows(k, segment::insertion);
        segment.sparse().search(new Search(KEY, query, null, segment.rowCount(), _ -> true, hits, () -> false));
        hits.sort();
        return hits;
    }

    /** By computing every row. */
    public NearestRows nearestOfAll(SparseVector query, int k) {
        NearestRows hits = new NearestRows(k, segment::insertion);
        SparseQuery asked = new SparseQuery(KEY, query);
        for (int row = 0; row < segment.rowCount(); row++) {
            double product = segment.product(row, asked);
            if (!Double.isNaN(product)) {
                hits.offer(row, (float) (1 - product));
            }
        }
        hits.sort();
        return hits;
    }

    @Override
    public void close() {
        segment.release();
    }
}

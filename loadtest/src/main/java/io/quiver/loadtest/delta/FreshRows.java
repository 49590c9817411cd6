package io.quiver.loadtest.delta;

import io.quiver.executor.filter.DeltaFilterIndex;
import io.quiver.executor.index.FlatIndex;
import io.quiver.executor.index.Metric;
import io.quiver.executor.index.VectorIndex;
import io.quiver.executor.index.blocked.BlockedCodes;
import io.quiver.executor.segment.DeltaSegment;
import io.quiver.executor.segment.OffHeapBudget;
import io.quiver.loadtest.data.DataSet;
import io.quiver.loadtest.data.Vectors;
import io.quiver.loadtest.index.CpuTime;
import io.quiver.loadtest.index.engine.Corpus;
import io.quiver.log.record.LogOffset;
import io.quiver.log.record.Metadata;
import io.quiver.log.record.VectorRecord;
import java.lang.foreign.Arena;

/**
 * The vectors of a data set in a delta segment, as a server holds them. Belongs to one thread, and owns the segment.
 */
public final class FreshRows implements AutoCloseable {
    private final Metric metric;
    private final DeltaSegment segment;
    private final double appendNs;

    public FreshRows(DataSet set) {
        Vectors base = set.base();
        try (Corpus corpus = new Corpus(set)) {
            this.metric = corpus.metric();
        }
        this.segment = new DeltaSegment(
                "bench",
                metric,
                base.dimension(),
                base.count(),
                Long.MAX_VALUE,
                new OffHeapBudget(Long.MAX_VALUE),
                DeltaFilterIndex::new);
        double start = CpuTime.ofThisThreadSeconds();
        for (int row = 0; row < base.count(); row++) {
            VectorRecord record = new VectorRecord(Integer.toString(row), base.get(row), null, null, Metadata.EMPTY);
            segment.append(record, row, new LogOffset(row + 1L));
        }
        this.appendNs = 1e9 * (CpuTime.ofThisThreadSeconds() - start) / base.count();
    }

    public int count() {
        return segment.rowCount();
    }

    /** Processor time of appending a record, its code included. */
    public double appendNs() {
        return appendNs;
    }

    /** Processor time of making one code, measured by making all of them again. */
    public double encodeNs() {
        try (Arena arena = Arena.ofShared()) {
            BlockedCodes codes = new BlockedCodes(metric, segment.embeddings(), count(), arena);
            double start = CpuTime.ofThisThreadSeconds();
            for (int rows = 1; rows <= count(); rows++) {
                codes.extend(rows);
            }
            return 1e9 * (CpuTime.ofThisThreadSeconds() - start) / count();
        }
    }

    /** Bytes outside the heap for each row. */
    public double rowBytes() {
        return (double) segment.sizeBytes() / count();
    }

    VectorIndex fresh() {
        return segment.index();
    }

    VectorIndex exact() {
        return new FlatIndex(metric, segment.embeddings());
    }

    @Override
    public void close() {
        segment.release();
    }
}

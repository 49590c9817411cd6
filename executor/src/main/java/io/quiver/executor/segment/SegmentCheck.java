package io.quiver.executor.segment;

import io.quiver.executor.index.Distances;
import io.quiver.executor.index.Metric;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;

/** Whether the files of a sealed segment, each of them whole, agree with each other: row by row. */
final class SegmentCheck {
    private final SealedSegment segment;
    private final String directory;

    SegmentCheck(SealedSegment segment, String directory) {
        this.segment = segment;
        this.directory = directory;
    }

    void check() throws CorruptSegmentException {
        long previous = Long.MIN_VALUE;
        for (int row = 0; row < segment.rowCount(); row++) {
            checkRecord(row);
            checkEmbedding(row);
            expect(row, segment.insertion(row) > previous, "it does not follow in order of insertion");
            previous = segment.insertion(row);
        }
    }

    private void checkRecord(int row) throws CorruptSegmentException {
        try {
            String id = segment.id(row);
            expect(row, segment.rowOf(id) == row, "its id '%s' is not found there".formatted(id));
            segment.record(row);
        } catch (UncheckedIOException | IndexOutOfBoundsException | IllegalArgumentException e) {
            throw new CorruptSegmentException(directory, "row %d cannot be read: %s".formatted(row, e), e);
        }
    }

    private void checkEmbedding(int row) throws CorruptSegmentException {
        float[] embedding = segment.vectors().embedding(row);
        for (float value : embedding) {
            expect(row, Float.isFinite(value), "its embedding is not finite");
        }
        if (segment.metric() == Metric.COSINE) {
            float norm = Distances.inverseNorm(MemorySegment.ofArray(embedding), 0, embedding.length);
            float stored = segment.vectors().inverseNorms(0).get(LittleEndian.FLOAT, (long) row * Float.BYTES);
            expect(row, norm == stored, "its norm is not that of its embedding");
        }
    }

    private void expect(int row, boolean isTrue, String otherwise) throws CorruptSegmentException {
        if (!isTrue) {
            throw new CorruptSegmentException(directory, "row %d: %s".formatted(row, otherwise));
        }
    }
}

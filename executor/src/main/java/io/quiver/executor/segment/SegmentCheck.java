package io.quiver.executor.segment;

import io.quiver.executor.index.Distances;
import io.quiver.executor.index.Metric;
import io.quiver.log.record.MetadataValue.Sparse;
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
        long terms = 0;
        for (int row = 0; row < segment.rowCount(); row++) {
            checkRecord(row);
            checkEmbedding(row);
            terms += checkSparse(row);
            expect(row, segment.insertion(row) > previous, "it does not follow in order of insertion");
            previous = segment.insertion(row);
        }
        if (terms != segment.sparseFile().postingCount()) {
            throw new CorruptSegmentException(
                    directory,
                    "terms of sparse vectors: expected %d, found %d"
                            .formatted(terms, segment.sparseFile().postingCount()));
        }
    }

    private long checkSparse(int row) throws CorruptSegmentException {
        long terms = 0;
        for (var field : segment.metadata(row).fields().entrySet()) {
            if (field.getValue() instanceof Sparse(var vector)) {
                expect(
                        row,
                        segment.sparseFile().holds(field.getKey(), row, vector),
                        "its sparse vector '%s' is not found by its terms".formatted(field.getKey()));
                terms += vector.size();
            }
        }
        return terms;
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

package io.quiver.executor.segment;

import io.quiver.executor.index.Distances;
import io.quiver.executor.index.Kernels;
import io.quiver.log.record.Metadata;
import io.quiver.log.record.VectorRecord;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Rows of a delta segment that came one after the other: embeddings outside the heap, in memory of the segment's arena,
 * the rest of the records on it. Written by one thread, each row once and before any reader is told of it.
 */
final class DeltaChunk {
    private static final int CACHE_LINE_BYTES = 64;

    private final int dimension;
    private final MemorySegment embeddings;
    private final MemorySegment inverseNorms;
    private final String[] ids;
    private final @Nullable String[] documents;
    private final @Nullable String[] uris;
    private final Metadata[] metadatas;
    private final long[] insertions;
    private final long[] writtenAt;

    DeltaChunk(SegmentAllocator memory, int dimension, int rows) {
        this.dimension = dimension;
        this.embeddings = memory.allocate(rows * Kernels.strideBytes(dimension), CACHE_LINE_BYTES);
        this.inverseNorms = memory.allocate((long) rows * Float.BYTES, CACHE_LINE_BYTES);
        this.ids = new String[rows];
        this.documents = new String[rows];
        this.uris = new String[rows];
        this.metadatas = new Metadata[rows];
        this.insertions = new long[rows];
        this.writtenAt = new long[rows];
        Arrays.fill(ids, "");
        Arrays.fill(metadatas, Metadata.EMPTY);
    }

    void write(int at, VectorRecord record, long insertion, long offset) {
        long begin = at * Kernels.strideBytes(dimension);
        record.embedding().copyTo(embeddings, begin);
        inverseNorms.set(
                LittleEndian.FLOAT, (long) at * Float.BYTES, Distances.inverseNorm(embeddings, begin, dimension));
        ids[at] = record.id();
        documents[at] = record.document();
        uris[at] = record.uri();
        metadatas[at] = record.metadata();
        insertions[at] = insertion;
        writtenAt[at] = offset;
    }

    MemorySegment embeddings() {
        return embeddings;
    }

    MemorySegment inverseNorms() {
        return inverseNorms;
    }

    float[] embedding(int at) {
        float[] embedding = new float[dimension];
        MemorySegment.copy(
                embeddings, LittleEndian.FLOAT, at * Kernels.strideBytes(dimension), embedding, 0, dimension);
        return embedding;
    }

    String id(int at) {
        return ids[at];
    }

    @Nullable String document(int at) {
        return documents[at];
    }

    @Nullable String uri(int at) {
        return uris[at];
    }

    Metadata metadata(int at) {
        return metadatas[at];
    }

    long insertion(int at) {
        return insertions[at];
    }

    long writtenAt(int at) {
        return writtenAt[at];
    }
}

package io.quiver.executor.index;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * A flat index the other way round: the queries stand, and records come. Tells for each record which of the queries
 * want to know of it, because it is no farther from them than their bounds.
 *
 * <p>Queries lie like the rows of a segment, in chunks that fit a core's cache; a block of records is compared with one
 * chunk, two records a turn, before the next chunk is read. Distances have the same bits as those that a search with
 * that query would find.
 *
 * <p>Belongs to one thread. Memory comes from the allocator, a chunk at a time, and belongs to whoever made that; the
 * place of a query that was removed is used again.
 */
public final class StandingQueries {
    private static final long CHUNK_BYTES = 128 * 1024;
    private static final int CHUNK_ROWS_MIN = 16;
    private static final int CHUNK_ROWS_MAX = 1024;
    private static final int CACHE_LINE_BYTES = 64;

    private final Metric metric;
    private final int dimension;
    private final SegmentAllocator memory;
    private final Kernels kernels = Kernels.best();
    private final long strideBytes;
    private final int chunkRows;
    private final long[] offsets;
    private final float[] sums;
    private final float[] secondSums;
    private final List<MemorySegment> chunks = new ArrayList<>();
    private final Deque<Integer> free = new ArrayDeque<>();
    private float[] inverseNorms = {};
    private float[] bounds = {};
    private int used;

    public StandingQueries(Metric metric, int dimension, SegmentAllocator memory) {
        this.metric = metric;
        this.dimension = dimension;
        this.memory = memory;
        this.strideBytes = Kernels.strideBytes(dimension);
        this.chunkRows =
                (int) Long.highestOneBit(Math.clamp(CHUNK_BYTES / strideBytes, CHUNK_ROWS_MIN, CHUNK_ROWS_MAX));
        this.offsets = new long[chunkRows];
        this.sums = new float[chunkRows];
        this.secondSums = new float[chunkRows];
        Arrays.setAll(offsets, row -> row * strideBytes);
    }

    /** Told of a record within a query's bound. */
    @FunctionalInterface
    public interface Found {
        void accept(int record, int query, float distance);
    }

    /** Adds a query, which wants to know of nothing yet; returns its number. */
    public int add(float[] query) {
        int number = free.isEmpty() ? grow() : free.pop();
        MemorySegment chunk = chunks.get(number / chunkRows);
        MemorySegment.copy(query, 0, chunk, Distances.FLOAT, offsets[number % chunkRows], dimension);
        inverseNorms[number] = Distances.inverseNorm(query);
        bounds[number] = Float.NEGATIVE_INFINITY;
        return number;
    }

    private int grow() {
        if (used == chunks.size() * chunkRows) {
            chunks.add(memory.allocate(chunkRows * strideBytes, CACHE_LINE_BYTES));
            inverseNorms = Arrays.copyOf(inverseNorms, chunks.size() * chunkRows);
            bounds = Arrays.copyOf(bounds, chunks.size() * chunkRows);
        }
        return used++;
    }

    public void remove(int query) {
        bounds[query] = Float.NEGATIVE_INFINITY;
        free.push(query);
    }

    /** The farthest distance at which a query wants to know of a record. */
    public void bound(int query, float distance) {
        bounds[query] = distance;
    }

    /** Compares records with all queries. */
    public void scan(List<float[]> records, Found found) {
        List<PaddedQuery> padded = records.stream().map(this::padded).toList();
        for (int chunk = 0; chunk < chunks.size(); chunk++) {
            int count = Math.min(chunkRows, used - chunk * chunkRows);
            for (int i = 0; i + 1 < padded.size(); i += 2) {
                sums(chunk, count, padded.get(i), padded.get(i + 1));
                tell(chunk, count, i, padded.get(i), sums, found);
                tell(chunk, count, i + 1, padded.get(i + 1), secondSums, found);
            }
            if (padded.size() % 2 == 1) {
                sums(chunk, count, padded.getLast());
                tell(chunk, count, padded.size() - 1, padded.getLast(), sums, found);
            }
        }
    }

    /** The distance of one record from one query. */
    public float distance(int query, float[] record) {
        PaddedQuery padded = padded(record);
        MemorySegment row = chunks.get(query / chunkRows).asSlice(offsets[query % chunkRows], strideBytes);
        long[] same = new long[Kernels.ROWS_A_TURN];
        switch (metric) {
            case SQUARED_L2 -> kernels.squares(row, same, 1, padded.floats(), sums);
            case COSINE, INNER_PRODUCT -> kernels.dots(row, same, 1, padded.floats(), sums);
        }
        return distance(query, sums[0], padded);
    }

    private PaddedQuery padded(float[] record) {
        if (record.length != dimension) {
            throw new IllegalArgumentException("a record of %d floats for %d".formatted(record.length, dimension));
        }
        return PaddedQuery.of(metric, record);
    }

    private void sums(int chunk, int count, PaddedQuery record) {
        switch (metric) {
            case SQUARED_L2 -> kernels.squares(chunks.get(chunk), offsets, count, record.floats(), sums);
            case COSINE, INNER_PRODUCT -> kernels.dots(chunks.get(chunk), offsets, count, record.floats(), sums);
        }
    }

    private void sums(int chunk, int count, PaddedQuery record, PaddedQuery second) {
        MemorySegment rows = chunks.get(chunk);
        switch (metric) {
            case SQUARED_L2 ->
                kernels.squares(rows, offsets, count, record.floats(), sums, second.floats(), secondSums);
            case COSINE, INNER_PRODUCT ->
                kernels.dots(rows, offsets, count, record.floats(), sums, second.floats(), secondSums);
        }
    }

    private void tell(int chunk, int count, int record, PaddedQuery padded, float[] ofChunk, Found found) {
        int first = chunk * chunkRows;
        for (int i = 0; i < count; i++) {
            if (bounds[first + i] != Float.NEGATIVE_INFINITY) {
                float distance = distance(first + i, ofChunk[i], padded);
                if (distance <= bounds[first + i]) {
                    found.accept(record, first + i, distance);
                }
            }
        }
    }

    /** As {@link Distances#finish} does it, where the record is the row and the standing query the query. */
    private float distance(int query, float sum, PaddedQuery record) {
        return switch (metric) {
            case SQUARED_L2 ->
                Float.isFinite(sum) ? sum : SlowDistance.squaredL2(lent(record), 0, floats(query, record));
            case INNER_PRODUCT ->
                Float.isFinite(sum) ? 1 - sum : SlowDistance.innerProduct(lent(record), 0, floats(query, record));
            case COSINE -> cosine(query, sum, record);
        };
    }

    private float cosine(int query, float sum, PaddedQuery record) {
        float ofQuery = inverseNorms[query];
        float ofRecord = record.inverseNorm();
        if (Distances.isTame(ofQuery) && Distances.isTame(ofRecord)) {
            return Distances.cosine((double) sum * ofQuery * ofRecord);
        }
        return ofQuery == 0 || ofRecord == 0
                ? Distances.NO_ANGLE
                : SlowDistance.cosine(lent(record), 0, floats(query, record));
    }

    private static MemorySegment lent(PaddedQuery record) {
        return MemorySegment.ofArray(record.floats());
    }

    private float[] floats(int query, PaddedQuery record) {
        float[] floats = new float[record.floats().length];
        MemorySegment.copy(
                chunks.get(query / chunkRows), Distances.FLOAT, offsets[query % chunkRows], floats, 0, floats.length);
        return floats;
    }
}

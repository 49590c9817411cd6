package io.quiver.executor.segment;

import io.quiver.executor.filter.FilterIndex;
import io.quiver.executor.filter.RowSource;
import io.quiver.executor.index.EmbeddingRows;
import io.quiver.executor.index.FlatIndex;
import io.quiver.executor.index.Kernels;
import io.quiver.executor.index.Metric;
import io.quiver.executor.index.VectorIndex;
import io.quiver.executor.index.blocked.BlockedCodes;
import io.quiver.executor.index.blocked.BlockedIndex;
import io.quiver.executor.segment.OffHeapBudget.Owner;
import io.quiver.executor.sparse.DeltaSparseIndex;
import io.quiver.executor.sparse.SparseIndex;
import io.quiver.log.record.Embedding;
import io.quiver.log.record.LogOffset;
import io.quiver.log.record.Metadata;
import io.quiver.log.record.VectorRecord;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Fresh records, in memory and searchable at once.
 *
 * <p><b>Threads.</b> One thread appends; many read at the same time. A reader may touch rows below a row count that the
 * appending thread has published with a volatile write after appending them; rows past it may be there or not and must
 * be ignored. {@link #rowOf} is safe without that, and finds a row only when the row is complete.
 *
 * <p><b>Memory.</b> Embeddings lie outside the heap in one arena, in chunks that are allocated as rows come, and so do
 * the codes that they are searched by and the blocks of sparse vectors; an empty segment takes nothing. The arena is
 * freed by the last {@link #release}, after which reading throws {@link IllegalStateException}.
 */
public final class DeltaSegment implements Segment {
    /** Of one chunk, about: small enough for a thousand small collections, long enough to scan at full speed. */
    private static final long CHUNK_BYTES = 64 * 1024;

    private static final int CHUNK_ROWS_MIN = 16;

    /** What a record costs on the heap besides its texts, about. */
    private static final int RECORD_OVERHEAD_BYTES = 200;

    private final String name;
    private final int dimension;
    private final int rowCapacity;
    private final long byteCapacity;
    private final OffHeapBudget budget;
    private final Shares shares = new Shares();
    private final Arena arena = Arena.ofShared();
    private final int chunkRows;
    private final @Nullable DeltaChunk[] chunks;
    private final ConcurrentHashMap<String, Integer> newest = new ConcurrentHashMap<>();
    private final Tombstones tombstones;
    private final EmbeddingRows rows = new Rows();
    private final @Nullable BlockedCodes codes;
    private final VectorIndex index;
    private final FilterIndex filters;
    private final DeltaSparseIndex sparse;
    private volatile long sizeBytes;
    private volatile long recordBytes;
    private volatile int rowCount;

    /**
     * @param rowCapacity rows it can take
     * @param byteCapacity bytes of records, about, after which it has no room
     * @param filters makes the filter index over its rows
     */
    public DeltaSegment(
            String name,
            Metric metric,
            int dimension,
            int rowCapacity,
            long byteCapacity,
            OffHeapBudget budget,
            Function<RowSource, FilterIndex> filters) {
        this.name = name;
        this.dimension = dimension;
        this.rowCapacity = rowCapacity;
        this.byteCapacity = byteCapacity;
        this.budget = budget;
        this.chunkRows = chunkRows(dimension);
        this.chunks = new DeltaChunk[Math.ceilDiv(rowCapacity, chunkRows)];
        this.tombstones = new Tombstones(rowCapacity);
        this.codes = BlockedCodes.isWorthwhile(dimension)
                ? new BlockedCodes(metric, rows, rowCapacity, this::allocate)
                : null;
        this.index = codes == null ? new FlatIndex(metric, rows) : new BlockedIndex(codes);
        this.filters = filters.apply(this);
        this.sparse = new DeltaSparseIndex(this::metadata, this::allocate);
    }

    private static int chunkRows(int dimension) {
        long fitting = CHUNK_BYTES / Kernels.strideBytes(dimension);
        return (int) Math.max(CHUNK_ROWS_MIN, Long.highestOneBit(fitting));
    }

    /** About how much of a segment's capacity a record takes. */
    public static long sizeBytes(VectorRecord record) {
        return RECORD_OVERHEAD_BYTES
                + record.embedding().dimension() * (long) Float.BYTES
                + record.id().length()
                + length(record.document())
                + length(record.uri())
                + MetadataSize.of(record.metadata());
    }

    private static int length(@Nullable String text) {
        return text == null ? 0 : text.length();
    }

    /** Whether one more record of {@link #sizeBytes(VectorRecord)} has room; an empty segment has room for any. */
    public boolean hasRoomFor(long recordBytes) {
        return rowCount == 0 || rowCount < rowCapacity && this.recordBytes + recordBytes <= byteCapacity;
    }

    /**
     * Appends a row, which from now on is the newest of its record in this segment; returns its number. Marks nothing.
     *
     * @param record of this segment's dimension
     */
    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread appends
    public int append(VectorRecord record, long insertion, LogOffset writtenAt) {
        int row = rowCount;
        if (row == rowCapacity) {
            throw new IllegalStateException("%s is full: %d rows".formatted(name, rowCapacity));
        }
        writableChunk(row).write(row % chunkRows, record, insertion, writtenAt.value());
        newest.put(record.id(), row);
        recordBytes += sizeBytes(record);
        sparse.append(row, record.metadata());
        if (codes != null) {
            codes.extend(row + 1);
        }
        rowCount = row + 1;
        return row;
    }

    private DeltaChunk writableChunk(int row) {
        DeltaChunk chunk = chunks[row / chunkRows];
        if (chunk == null) {
            chunk = addChunk(row / chunkRows);
        }
        return chunk;
    }

    private DeltaChunk addChunk(int number) {
        DeltaChunk chunk = new DeltaChunk(this::allocate, dimension, chunkRows);
        chunks[number] = chunk;
        return chunk;
    }

    /** Memory for the thread that appends. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread appends
    private MemorySegment allocate(long bytes, long alignment) {
        MemorySegment memory = arena.allocate(bytes, alignment);
        budget.take(Owner.DELTA, bytes);
        sizeBytes += bytes;
        return memory;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int rowCount() {
        return rowCount;
    }

    /** Bytes of the records appended, about, on the heap and outside it. */
    public long recordBytes() {
        return recordBytes;
    }

    @Override
    public int rowOf(String id) {
        return newest.getOrDefault(id, -1);
    }

    @Override
    public String id(int row) {
        return chunk(row).id(row % chunkRows);
    }

    @Override
    public long insertion(int row) {
        return chunk(row).insertion(row % chunkRows);
    }

    @Override
    public LogOffset writtenAt(int row) {
        return new LogOffset(chunk(row).writtenAt(row % chunkRows));
    }

    @Override
    public Embedding embedding(int row) {
        return Embedding.of(chunk(row).embedding(row % chunkRows));
    }

    @Override
    public @Nullable String document(int row) {
        return chunk(row).document(row % chunkRows);
    }

    @Override
    public @Nullable String uri(int row) {
        return chunk(row).uri(row % chunkRows);
    }

    @Override
    public Metadata metadata(int row) {
        return chunk(row).metadata(row % chunkRows);
    }

    @Override
    public EmbeddingRows embeddings() {
        return rows;
    }

    @Override
    public VectorIndex index() {
        return index;
    }

    @Override
    public FilterIndex filters() {
        return filters;
    }

    @Override
    public SparseIndex sparse() {
        return sparse;
    }

    @Override
    public Tombstones tombstones() {
        return tombstones;
    }

    @Override
    public long sizeBytes() {
        return sizeBytes;
    }

    @Override
    public boolean retain() {
        return shares.retain();
    }

    @Override
    public void release() {
        if (shares.release()) {
            arena.close();
            budget.release(Owner.DELTA, sizeBytes);
        }
    }

    private DeltaChunk chunk(int row) {
        DeltaChunk chunk = chunks[row / chunkRows];
        if (chunk == null) {
            throw new IndexOutOfBoundsException("%s has %d rows, not row %d".formatted(name, rowCount, row));
        }
        return chunk;
    }

    /** The chunks as the index sees them. */
    private final class Rows implements EmbeddingRows {
        @Override
        public int dimension() {
            return dimension;
        }

        @Override
        public int chunkRows() {
            return chunkRows;
        }

        @Override
        public MemorySegment chunk(int number) {
            return DeltaSegment.this.chunk(number * chunkRows).embeddings();
        }

        @Override
        public MemorySegment inverseNorms(int number) {
            return DeltaSegment.this.chunk(number * chunkRows).inverseNorms();
        }
    }
}

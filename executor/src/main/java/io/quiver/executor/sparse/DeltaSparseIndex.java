package io.quiver.executor.sparse;

import io.quiver.log.record.GrowingBuffer;
import io.quiver.log.record.Metadata;
import io.quiver.log.record.MetadataValue;
import io.quiver.log.record.MetadataValue.Sparse;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * The sparse vectors of a delta segment, whose rows are added while it is searched. Every {@link #BLOCK_ROWS} rows at
 * most the thread that appends makes blocks of them; rows after the last block are computed one by one.
 *
 * <p><b>Threads.</b> One appends; any may search, rows that have been published to them. <b>Memory.</b> Blocks lie in
 * memory of the segment's; 18 bytes a term of the rows after the last block, on the heap.
 */
public final class DeltaSparseIndex implements SparseIndex {
    static final int BLOCK_ROWS = 2_048;

    /** A block has fewer rows where they have so many terms together. */
    private static final int BLOCK_POSTINGS = 1 << 20;

    private final IntFunction<Metadata> metadata;
    private final SegmentAllocator memory;
    private final Map<String, BlockWriter> writers = new HashMap<>();
    private long postings;
    private volatile Blocks blocks = new Blocks(0, Map.of());

    /** What searches see, made anew for each block. */
    private record Blocks(int rowCount, Map<String, List<SparseBlock>> byKey) {
        Blocks {
            byKey = Map.copyOf(byKey);
        }
    }

    /**
     * @param metadata of a row that was appended
     * @param memory for the appending thread, which stays as long as the segment
     */
    public DeltaSparseIndex(IntFunction<Metadata> metadata, SegmentAllocator memory) {
        this.metadata = metadata;
        this.memory = memory;
    }

    /** Takes in the next row. */
    public void append(int row, Metadata fields) {
        int firstRow = blocks.rowCount;
        for (Map.Entry<String, MetadataValue> field : fields.fields().entrySet()) {
            if (field.getValue() instanceof Sparse(var vector)) {
                writers.computeIfAbsent(field.getKey(), _ -> new BlockWriter()).add(row - firstRow, vector);
                postings += vector.size();
            }
        }
        if (row + 1 - firstRow == BLOCK_ROWS || postings >= BLOCK_POSTINGS) {
            addBlocks(firstRow, row + 1 - firstRow);
        }
    }

    private void addBlocks(int firstRow, int rowCount) {
        Map<String, List<SparseBlock>> byKey = new HashMap<>(blocks.byKey);
        writers.forEach((key, writer) -> {
            List<SparseBlock> ofKey = new ArrayList<>(byKey.getOrDefault(key, List.of()));
            ofKey.add(place(writer.encode(rowCount), firstRow, rowCount));
            byKey.put(key, List.copyOf(ofKey));
        });
        writers.clear();
        postings = 0;
        blocks = new Blocks(firstRow + rowCount, byKey);
    }

    private SparseBlock place(GrowingBuffer block, int firstRow, int rowCount) {
        MemorySegment place = memory.allocate(block.sizeBytes(), SparseBlock.ALIGNMENT);
        place.copyFrom(MemorySegment.ofBuffer(block.written()));
        return new SparseBlock(place, 0, firstRow, rowCount);
    }

    @Override
    public void search(Search search) {
        Blocks seen = blocks;
        List<SparseBlock> ofKey = seen.byKey.getOrDefault(search.key(), List.of());
        new SegmentSearch(search, this::product, ofKey, seen.rowCount).run();
    }

    private double product(int row, SparseQuery query) {
        return metadata.apply(row).get(query.key()) instanceof Sparse(var vector) ? query.product(vector) : Double.NaN;
    }
}

package io.quiver.executor.sparse;

import java.util.List;
import java.util.Map;

/**
 * Blocks of all rows that have sparse vectors, by key. Immutable; the blocks' memory and the rows are the segment's.
 */
public final class SealedSparseIndex implements SparseIndex {
    private final Map<String, List<SparseBlock>> blocks;
    private final SparseRows rows;

    /** @param blocks in order of rows, by the key of the vectors in them */
    public SealedSparseIndex(Map<String, List<SparseBlock>> blocks, SparseRows rows) {
        this.blocks = Map.copyOf(blocks);
        this.rows = rows;
    }

    @Override
    public void search(Search search) {
        List<SparseBlock> ofKey = blocks.getOrDefault(search.key(), List.of());
        if (!ofKey.isEmpty()) {
            new SegmentSearch(search, rows, ofKey, search.rowCount()).run();
        }
    }
}

package io.quiver.executor.sparse;

import io.quiver.executor.index.RowSet;
import io.quiver.executor.sparse.SparseIndex.Search;
import java.util.List;
import java.util.Objects;

/**
 * One search in one segment: through blocks, or where a filter leaves few rows through these. Belongs to one thread.
 */
final class SegmentSearch {
    /** Candidates that are computed one by one, as a part of all rows. */
    private static final int FEW_PART = 128;

    private static final int ROWS_A_TURN = 256;

    private final Search search;
    private final List<SparseBlock> blocks;
    private final int indexedRows;
    private final BlockSearch each;

    /**
     * @param blocks in order of rows
     * @param indexedRows rows before this one are in blocks, where they have vectors
     */
    SegmentSearch(Search search, SparseRows rows, List<SparseBlock> blocks, int indexedRows) {
        this.search = search;
        this.blocks = blocks;
        this.indexedRows = Math.min(indexedRows, search.rowCount());
        this.each = new BlockSearch(search, rows, SumKernels.best());
    }

    void run() {
        RowSet candidates = search.candidates();
        if (search.hits().k() == 0) {
            return;
        }
        if (candidates != null && (long) candidates.count() * FEW_PART < search.rowCount()) {
            offerAmong(candidates, 0);
            return;
        }
        boolean isStopped = !searchBlocks();
        each.finish();
        if (!isStopped) {
            offerAmong(Objects.requireNonNullElseGet(candidates, () -> RowSet.all(search.rowCount())), indexedRows);
        }
    }

    /** False where the search was stopped. */
    private boolean searchBlocks() {
        for (SparseBlock block : blocks) {
            if (block.firstRow() < indexedRows && !each.search(block)) {
                return false;
            }
        }
        return true;
    }

    private void offerAmong(RowSet candidates, int from) {
        int turn = 0;
        int row = from;
        while ((row = candidates.next(row)) >= 0 && row < search.rowCount()) {
            if (turn++ % ROWS_A_TURN == 0 && search.isStopped().getAsBoolean()) {
                return;
            }
            each.offer(row++);
        }
    }
}

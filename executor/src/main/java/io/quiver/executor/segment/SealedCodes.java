package io.quiver.executor.segment;

import io.quiver.executor.index.EmbeddingRows;
import io.quiver.executor.index.Metric;
import io.quiver.executor.index.VectorIndex;
import io.quiver.executor.index.blocked.BlockedCodes;
import io.quiver.executor.index.blocked.BlockedIndex;
import io.quiver.executor.segment.OffHeapBudget.Owner;
import java.lang.foreign.Arena;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Codes of a sealed segment that has no whole {@link CodesFile}, made when it is opened and kept in memory alone. Owns
 * the memory, counted as what only makes things faster.
 */
final class SealedCodes implements AutoCloseable {
    /** Rows between two looks at whether to stop. */
    private static final int STEP_ROWS = 1_024;

    private final OffHeapBudget budget;
    private final long bytes;
    private final Arena arena = Arena.ofShared();
    private final BlockedCodes codes;

    private SealedCodes(Metric metric, EmbeddingRows rows, int rowCount, OffHeapBudget budget) {
        this.budget = budget;
        this.bytes = BlockedCodes.sizeBytes(rows.dimension(), rowCount);
        this.codes = new BlockedCodes(metric, rows, rowCount, arena);
    }

    /** Reads all rows; {@code null} where that was given up. Refuses with {@code UNAVAILABLE} where memory is short. */
    static @Nullable SealedCodes encode(
            Metric metric, EmbeddingRows rows, int rowCount, OffHeapBudget budget, BooleanSupplier isGivenUp) {
        budget.reserveSpare(Owner.CODES, BlockedCodes.sizeBytes(rows.dimension(), rowCount));
        SealedCodes fresh = new SealedCodes(metric, rows, rowCount, budget);
        boolean isComplete = false;
        try {
            isComplete = fresh.extend(rowCount, isGivenUp);
        } finally {
            if (!isComplete) {
                fresh.close();
            }
        }
        return isComplete ? fresh : null;
    }

    private boolean extend(int rowCount, BooleanSupplier isGivenUp) {
        for (int rows = 0; rows < rowCount; rows += STEP_ROWS) {
            if (isGivenUp.getAsBoolean()) {
                return false;
            }
            codes.extend(Math.min(rowCount, rows + STEP_ROWS));
        }
        return true;
    }

    VectorIndex index() {
        return new BlockedIndex(codes);
    }

    @Override
    public void close() {
        arena.close();
        budget.release(Owner.CODES, bytes);
    }
}

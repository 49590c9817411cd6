package io.quiver.executor.sparse;

import io.quiver.executor.index.NearestRows;
import io.quiver.executor.index.RowSet;
import io.quiver.log.record.SparseVector;
import java.util.function.BooleanSupplier;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** The sparse vectors of one segment, by the metadata keys that hold them. Safe on every thread. */
public interface SparseIndex {
    /** Of a segment whose records have no sparse vectors. */
    SparseIndex NONE = _ -> {};

    /**
     * Offers the rows nearest to the query, exactly: by {@code 1 - inner product}, of rows that share a term with it.
     */
    void search(Search search);

    /**
     * One search within one segment.
     *
     * @param key of the metadata that holds the vectors
     * @param candidates rows that a filter accepts, {@code null} for all
     * @param rowCount only rows before this one are in the view
     * @param isLive whether a row is visible in the view; asked only of rows that would become hits
     * @param hits receives the nearest rows
     * @param isStopped asked several thousand times a second; once true, the search returns with what it has
     */
    record Search(
            String key,
            SparseVector query,
            @Nullable RowSet candidates,
            int rowCount,
            IntPredicate isLive,
            NearestRows hits,
            BooleanSupplier isStopped) {}
}

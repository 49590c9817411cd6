package io.quiver.executor.segment;

import io.quiver.executor.filter.FilterIndex;
import io.quiver.executor.filter.RowSource;
import io.quiver.executor.index.RowSet;
import io.quiver.executor.query.Filter;
import java.util.function.BooleanSupplier;

/** A filter index for tests that ask for no filter: it accepts every row. */
record EveryRow(RowSource rows) implements FilterIndex {
    @Override
    public RowSet rows(Filter filter, int rowCount, BooleanSupplier stop) {
        return RowSet.all(rowCount);
    }

    @Override
    public double estimatedSelectivity(Filter filter, int rowCount) {
        return 1;
    }
}

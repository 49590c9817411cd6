package io.quiver.executor.index.blocked;

import io.quiver.executor.index.ExactRows;
import io.quiver.executor.index.Kernels;
import io.quiver.executor.index.Metric;
import io.quiver.executor.index.RowSearch;
import io.quiver.executor.index.RowSet;
import io.quiver.executor.index.Shortlist;
import io.quiver.executor.index.code.CodeKernels;
import java.lang.foreign.MemorySegment;
import java.util.function.IntPredicate;

/** One search among codes: the query's table, and the rows that may be hits. {@link BlockedIndex} has the formulas. */
final class CodedQuery {
    private static final CodeKernels CODES = CodeKernels.best();
    private static final Kernels FLOATS = Kernels.best();

    /** What of a code's signs is not along its residual: 1 - 2 / pi, for components that are normally distributed. */
    private static final double UNEXPLAINED = 1 - 2 / Math.PI;

    /** Of an entry of a table, in units of its scale: it was rounded to a whole number. */
    private static final double ROUNDING_VARIANCE = 1 / 12.0;

    /** What rotation and single precision leave of an equal distance. */
    private static final double PRECISION = 2e-6;

    /** Longer queries may lead out of the range of a float. */
    private static final double SQUARE_MAX = 1e30;

    private final RowSearch search;
    private final BlockLayout layout;
    private final Metric metric;
    private final ErrorWidth width;
    private final Shortlist shortlist;
    private final float[] query;
    private final byte[] table;
    private final float scale;
    private final double square;
    private final double absolute;
    private final long[] centerAt = new long[Kernels.ROWS_A_TURN];
    private final float[] centerDistance = new float[Kernels.ROWS_A_TURN];
    private final int[] sums = new int[2 * CodeKernels.BLOCK];
    private final float[] bounds = new float[CodeKernels.BLOCK];
    private float center;
    private float base;
    private float chunkScale;

    CodedQuery(BlockedCodes codes, RowSearch search, ExactRows rows) {
        this.search = search;
        this.layout = codes.layout();
        this.metric = codes.metric();
        this.width = ErrorWidth.of(search.ef());
        this.shortlist = new Shortlist(search, rows);
        this.query = new float[layout.codeDimension()];
        codes.space().project(search.query(), query);
        this.table = new byte[CodeKernels.tableBytes(query.length)];
        this.scale = CODES.fillTable(query, table);
        double squares = 0;
        double magnitudes = 0;
        for (float value : query) {
            squares += (double) value * value;
            magnitudes += Math.abs(value);
        }
        this.square = squares;
        this.absolute = magnitudes;
    }

    boolean isStopped() {
        return search.isStopped().getAsBoolean();
    }

    /** Looks at the first {@code blocks} blocks of a chunk. */
    void scan(MemorySegment chunk, int firstRow, int blocks) {
        begin(chunk);
        RowSet candidates = search.candidates();
        for (int block = 0; block < blocks; block++) {
            int row = firstRow + block * CodeKernels.BLOCK;
            int accepted = candidates == null ? -1 : candidates.bits(row);
            if (accepted != 0) {
                scan(chunk, block, row, accepted);
            }
        }
    }

    private void begin(MemorySegment chunk) {
        FLOATS.squares(chunk, centerAt, 1, query, centerDistance);
        double distance = centerDistance[0];
        if (!(distance < SQUARE_MAX && square < SQUARE_MAX)) {
            acceptAll();
            return;
        }
        double variance = UNEXPLAINED * distance + ROUNDING_VARIANCE * scale * scale * query.length / 4;
        double constant = metric == Metric.SQUARED_L2 ? distance : 1 - product(chunk);
        center = (float) (constant - PRECISION * (square + distance));
        base = (float) (width.deviations() * Math.sqrt(variance) - absolute);
        chunkScale = scale;
    }

    /** Nothing can be said about a query whose squares are beyond a float. */
    private void acceptAll() {
        center = Float.NEGATIVE_INFINITY;
        base = 0;
        chunkScale = 0;
    }

    /** Of the query and the center. */
    private float product(MemorySegment chunk) {
        FLOATS.dots(chunk, centerAt, 1, query, centerDistance);
        return centerDistance[0];
    }

    private void scan(MemorySegment chunk, int block, int row, int accepted) {
        int near = accepted
                & CODES.scan(
                        chunk,
                        layout.codes(block),
                        layout.factors(block),
                        table,
                        layout.lines(),
                        chunkScale,
                        base,
                        center,
                        Math.nextUp(search.hits().threshold()),
                        sums,
                        bounds);
        search.work().addEstimates(CodeKernels.BLOCK);
        if (near != 0) {
            collect(near, row);
        }
    }

    private void collect(int near, int row) {
        IntPredicate isLive = search.isLive();
        for (int left = near; left != 0; left &= left - 1) {
            int slot = Integer.numberOfTrailingZeros(left);
            if (isLive.test(row + slot)) {
                shortlist.add(bounds[slot], row + slot);
            }
        }
    }

    void finish() {
        shortlist.finish();
    }
}

package io.quiver.executor.index.blocked;

import io.quiver.executor.index.EmbeddingRows;
import io.quiver.executor.index.FlatIndex;
import io.quiver.executor.index.Metric;
import io.quiver.executor.index.RecallCurve;
import io.quiver.executor.index.RowRange;
import io.quiver.executor.index.RowSearch;
import io.quiver.executor.index.RowSet;
import io.quiver.executor.index.SearchPlan;
import io.quiver.executor.index.VectorIndex;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Searches rows by their codes, and computes exact distances only of those that may be among the nearest.
 *
 * <p><b>Formulas.</b> All vectors are rotated at random. With {@code c} the center of a chunk, {@code r = x - c} the
 * residual of a row, {@code s} the signs of its components and {@code D} their number, RaBitQ estimates
 * {@code <r, q - c>} by {@code |r|^2 / |r|_1 * <s, q - c>}, without bias. From it come, for
 * <ul>
 *   <li>squared L2: {@code |q - x|^2 = |q - c|^2 + |r|^2 - 2 <r, q - c>};
 *   <li>inner product: {@code 1 - <q, x> = 1 - <q, c> - <c, r> - <r, q - c>};
 *   <li>cosine: the same, of vectors of length 1.
 * </ul>
 * Each is {@code C + A + B <s, q>}: {@code C} of the query and the center; {@code B = -2 |r|^2 / |r|_1} or half of
 * that, and {@code A = |r|^2 - B <s, c>} or {@code -<c, r> - B <s, c>}, of the row.
 *
 * <p><b>Bound.</b> After the rotation {@code s} is random but for its part along {@code r}, whose square is on average
 * {@code 2 D / pi}. So the error of {@code <s, q - c>} is about normal with variance {@code (1 - 2 / pi) |q - c|^2} at
 * most; the rounding of the query's table adds a twelfth of its squared scale for each four dimensions. Some standard
 * deviations ({@link ErrorWidth}) taken off make the estimate a lower bound: a row is left out when its bound is
 * farther than the {@code k} nearest known so far. So the number of distances computed follows from the data, and not
 * from a setting.
 *
 * <p>Sources: Gao and Long, "RaBitQ: quantizing high-dimensional vectors with a theoretical error bound" (2024), for
 * estimate and bound; André, Kermarrec and Le Scouarnec, "Cache locality is not enough" (2015), for the scan of codes
 * by shuffling.
 *
 * <p>Rows without codes, searches that want nearly all rows, filters that accept few, and {@link RowSearch#EXACT} are
 * left to {@link FlatIndex}.
 */
public final class BlockedIndex implements VectorIndex {
    /** A conservative one: it was measured on rows without any structure, which are the hardest. */
    public static final RecallCurve RECALL = ErrorWidth.RECALL;

    /** Fewer rows are scanned exactly in less than half a millisecond. */
    private static final int ROWS_MIN = 4 * BlockLayout.CHUNK_ROWS;

    /**
     * Where a filter accepts a smaller share than one row of so many, no code is read: a block of 32 codes has as many
     * bytes as a row, and costs half as much, for it lies behind the one before.
     */
    private static final int ESTIMATES_A_DISTANCE = 128;

    /** Whoever wants more than one row of so many gets most of them computed anyway. */
    public static final int ROWS_A_HIT_MIN = 16;

    /** Each part finds hits of its own: smaller parts would compute more than they save. */
    private static final int PART_ROWS_MIN = 16 * BlockLayout.CHUNK_ROWS;

    private final BlockedCodes codes;
    private final EmbeddingRows rows;
    private final FlatIndex scan;

    public BlockedIndex(BlockedCodes codes) {
        this.codes = codes;
        this.rows = codes.rows();
        this.scan = new FlatIndex(codes.metric(), rows);
    }

    @Override
    public Metric metric() {
        return codes.metric();
    }

    @Override
    public int dimension() {
        return rows.dimension();
    }

    @Override
    public RecallCurve recallCurve() {
        return RECALL;
    }

    /** Ranges of whole chunks; few rows are not divided. */
    @Override
    public List<RowRange> divide(int rowCount, int parts) {
        int chunks = Math.ceilDiv(rowCount, BlockLayout.CHUNK_ROWS);
        int ranges = Math.clamp(rowCount / PART_ROWS_MIN, Math.min(1, chunks), parts);
        List<RowRange> divided = new ArrayList<>(ranges);
        for (int i = 0; i < ranges; i++) {
            long from = (long) chunks * i / ranges * BlockLayout.CHUNK_ROWS;
            long to = (long) chunks * (i + 1) / ranges * BlockLayout.CHUNK_ROWS;
            divided.add(new RowRange((int) from, (int) Math.min(to, rowCount)));
        }
        return divided;
    }

    @Override
    public void search(List<RowSearch> searches, RowRange range) {
        RowRange coded = coded(range);
        List<RowSearch> byCodes = new ArrayList<>();
        List<RowSearch> byRows = new ArrayList<>();
        Choice choice = new Choice(coded);
        for (RowSearch search : searches) {
            (choice.isByCodes(search) ? byCodes : byRows).add(search);
        }
        if (!byRows.isEmpty()) {
            byRows.forEach(BlockedIndex::followScan);
            scan.search(byRows, range);
        }
        if (!byCodes.isEmpty()) {
            byCodes.forEach(BlockedIndex::followCodes);
            scanRest(byCodes, range, coded);
            scanCodes(byCodes, coded);
        }
    }

    /** Whether codes are read where a filter accepts some of the rows, or these are looked at one by one. */
    public static boolean isDense(int accepted, int rowCount) {
        return (long) accepted * ESTIMATES_A_DISTANCE >= rowCount;
    }

    /** Says that the recall is not that of codes. */
    private static void followScan(RowSearch search) {
        search.work().follow(search.candidates() == null ? new SearchPlan.Scan(0) : new SearchPlan.ScanMatches(0));
    }

    private static void followCodes(RowSearch search) {
        if (search.work().plan() == null) {
            search.work().follow(new SearchPlan.CodeScan(0));
        }
    }

    /** The rows of a range whose chunks begin in it and whose blocks lie in it as a whole. */
    private RowRange coded(RowRange range) {
        int from = Math.ceilDiv(range.from(), BlockLayout.CHUNK_ROWS) * BlockLayout.CHUNK_ROWS;
        int to = Math.min(codes.blockCount(), range.to() / BlockLayout.BLOCK_ROWS) * BlockLayout.BLOCK_ROWS;
        return from < to ? new RowRange(from, to) : new RowRange(range.to(), range.to());
    }

    private void scanRest(List<RowSearch> searches, RowRange range, RowRange coded) {
        if (coded.from() > range.from()) {
            scan.search(searches, new RowRange(range.from(), coded.from()));
        }
        if (range.to() > coded.to()) {
            scan.search(searches, new RowRange(coded.to(), range.to()));
        }
    }

    private void scanCodes(List<RowSearch> searches, RowRange coded) {
        new CodeScan(codes, searches).run(coded);
    }

    /** What is chosen in one call; queries of a batch mostly share a filter, whose rows are counted once. */
    private static final class Choice {
        private final RowRange coded;
        private @Nullable RowSet counted;
        private int accepted;

        Choice(RowRange coded) {
            this.coded = coded;
        }

        boolean isByCodes(RowSearch search) {
            int k = search.hits().k();
            return search.ef() != RowSearch.EXACT
                    && k > 0
                    && coded.count() >= Math.max(ROWS_MIN, (long) k * ROWS_A_HIT_MIN)
                    && isDense(search.candidates());
        }

        private boolean isDense(@Nullable RowSet candidates) {
            if (candidates == null) {
                return true;
            }
            if (candidates != counted) {
                counted = candidates;
                accepted = candidates.count();
            }
            return BlockedIndex.isDense(accepted, candidates.rowCount());
        }
    }
}

package io.quiver.executor.sparse;

import io.quiver.executor.index.NearestRows;
import io.quiver.executor.index.RowSet;
import io.quiver.executor.index.Shortlist;
import io.quiver.executor.sparse.SparseIndex.Search;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * One search, block after block. In a block the codes of one term after the other are added up, for all rows; the sums
 * tell how large products are, but for a known error. When all blocks are through, the rows that can still be hits are
 * computed exactly, the best first.
 *
 * <p>Dense terms that together cannot lift a row over the threshold ({@code MaxScore}: Turtle and Flood, "Query
 * Evaluation: Strategies and Optimizations", 1995) are not added up but looked up, for rows that the other terms have
 * brought near it. A block of which no row can be a hit is passed over.
 *
 * <p>Where weights are negative, the sum of a row says nothing about whether it has a term at all; then rows are
 * marked, more slowly. Belongs to one thread. Memory: 8 bytes a row of a block.
 */
final class BlockSearch {
    /** The part of the threshold that terms which are only looked up may contribute. */
    private static final double LOOKED_UP_PART = 0.2;

    /** Rows between two questions whether to stop. */
    private static final int ROWS_A_TURN = 256;

    private static final SparseBlock NOTHING = new SparseBlock(MemorySegment.NULL, 0, 0, 0);

    private final Search search;
    private final SparseQuery query;
    private final SparseRows rows;
    private final SumKernels kernels;
    private final MatchedTerms terms;
    private final Shortlist shortlist;

    /** By the distances that they have at most. */
    private final NearestRows certain;

    private final boolean[] isLookedUp;
    private final char[] postingRows = new char[SparseBlock.ROWS_MAX / BlockWriter.DENSE_PART];
    private final byte[] postingCodes = new byte[SparseBlock.ROWS_MAX / BlockWriter.DENSE_PART];
    private float[] sums = {};
    private int[] found = {};
    private boolean[] marks = {};

    private SparseBlock block;
    private double lookedUp;
    private boolean isMarked;

    BlockSearch(Search search, SparseRows rows, SumKernels kernels) {
        this.search = search;
        this.query = new SparseQuery(search.key(), search.query());
        this.rows = rows;
        this.kernels = kernels;
        this.terms = new MatchedTerms(query);
        this.shortlist = new Shortlist(search.hits(), search.isStopped(), this::offer);
        this.certain = new NearestRows(search.hits().k(), row -> row);
        this.isLookedUp = new boolean[query.size()];
        this.block = NOTHING;
    }

    /** Lists what may be hits of a block; false where the search was stopped. */
    boolean search(SparseBlock next) {
        block = next;
        terms.match(block);
        if (terms.count() == 0 || terms.isFinite() && terms.upper() < threshold()) {
            return true;
        }
        begin();
        return addTerms() && (Double.isFinite(threshold()) || proposeBest()) && proposeRest();
    }

    /** Computes the rows that may be hits of the blocks so far. */
    void finish() {
        shortlist.finish();
    }

    private void offer(int[] listed, int count) {
        for (int i = 0; i < count; i++) {
            offer(listed[i]);
        }
    }

    /** Computes one row exactly, as if it were a block. */
    void offer(int row) {
        double product = rows.product(row, query);
        float distance = SparseQuery.distance(product);
        if (!Double.isNaN(product)
                && distance <= search.hits().threshold()
                && search.isLive().test(row)) {
            search.hits().offer(row, distance);
        }
    }

    /** No product below this can become a hit. */
    private double threshold() {
        float farthest = Math.min(certain.threshold(), search.hits().threshold());
        return Float.isFinite(farthest)
                ? 1 - (double) farthest - 2 * (double) Math.ulp(farthest)
                : Double.NEGATIVE_INFINITY;
    }

    private void begin() {
        int stride = block.stride();
        if (sums.length < stride) {
            sums = new float[stride];
            found = new int[stride];
        } else {
            Arrays.fill(sums, 0, stride, 0);
        }
        isMarked = !terms.isPositive();
        if (isMarked) {
            marks = new boolean[stride];
        }
        chooseLookedUp();
    }

    /** The smallest of the dense terms, as long as all of them together stay small. */
    private void chooseLookedUp() {
        Arrays.fill(isLookedUp, 0, terms.count(), false);
        lookedUp = 0;
        double most = LOOKED_UP_PART * threshold();
        while (!isMarked) {
            int smallest = smallestAdded();
            if (smallest < 0 || lookedUp + terms.upper(smallest) > most) {
                return;
            }
            isLookedUp[smallest] = true;
            lookedUp += terms.upper(smallest);
        }
    }

    private int smallestAdded() {
        int smallest = -1;
        for (int i = 0; i < terms.count(); i++) {
            if (!isLookedUp[i]
                    && block.isDense(terms.number(i))
                    && (smallest < 0 || terms.upper(i) < terms.upper(smallest))) {
                smallest = i;
            }
        }
        return smallest;
    }

    private boolean addTerms() {
        for (int i = 0; i < terms.count(); i++) {
            if (!block.isDense(terms.number(i))) {
                addPostings(terms.number(i), terms.factor(i));
                if (search.isStopped().getAsBoolean()) {
                    return false;
                }
            }
        }
        for (int from = 0; from < block.stride(); from += SumKernels.TILE_ROWS) {
            addDense(from, Math.min(from + SumKernels.TILE_ROWS, block.stride()));
            if (search.isStopped().getAsBoolean()) {
                return false;
            }
        }
        return true;
    }

    private void addPostings(int number, float factor) {
        int count = block.count(number);
        MemorySegment memory = block.memory();
        MemorySegment.copy(memory, SparseBlock.CHAR, block.rowsAt(number), postingRows, 0, count);
        MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, block.codesAt(number), postingCodes, 0, count);
        for (int i = 0; i < count; i++) {
            sums[postingRows[i]] += factor * postingCodes[i];
        }
        for (int i = 0; isMarked && i < count; i++) {
            marks[postingRows[i]] = true;
        }
    }

    private void addDense(int from, int to) {
        for (int i = 0; i < terms.count(); i++) {
            if (!isLookedUp[i] && block.isDense(terms.number(i))) {
                long codesAt = block.codesAt(terms.number(i));
                kernels.addDense(sums, from, to, block.memory(), codesAt, terms.factor(i));
                for (int row = from; isMarked && row < to; row++) {
                    marks[row] |= block.memory().get(ValueLayout.JAVA_BYTE, codesAt + row) != 0;
                }
            }
        }
    }

    /** Lists the rows whose sum is not below the bound; how many they are. */
    private int list(double bound) {
        float rounded = Math.nextDown((float) bound);
        if (!isMarked) {
            return kernels.list(sums, 0, block.stride(), rounded, found);
        }
        int count = 0;
        for (int row = 0; row < block.stride(); row++) {
            if (marks[row] && !(sums[row] < rounded)) {
                found[count++] = row;
            }
        }
        return count;
    }

    /** Takes first those rows that look best, so that the rest finds a threshold. */
    private boolean proposeBest() {
        NearestRows best = new NearestRows(search.hits().k(), row -> row);
        int count = list(bound());
        for (int i = 0; i < count; i++) {
            int row = found[i];
            if (-sums[row] < best.threshold() && isAsked(row)) {
                best.offer(row, -sums[row]);
            }
        }
        for (int i = 0; i < best.size(); i++) {
            int row = best.row(i);
            if (i % ROWS_A_TURN == 0 && search.isStopped().getAsBoolean()) {
                return false;
            }
            propose(row, sums[row]);
            sums[row] = Float.NEGATIVE_INFINITY;
            if (isMarked) {
                marks[row] = false;
            }
        }
        return true;
    }

    private boolean proposeRest() {
        int count = list(bound());
        for (int i = 0; i < count; i++) {
            if (i % ROWS_A_TURN == 0 && search.isStopped().getAsBoolean()) {
                return false;
            }
            if (isAsked(found[i])) {
                propose(found[i], sum(found[i]));
            }
        }
        return true;
    }

    /** Takes a row whose product is {@code sum}, if that is right; a sum of 0 without marks is of no term. */
    private void propose(int row, double sum) {
        int ofSegment = block.firstRow() + row;
        if (!terms.isFinite()) {
            offer(ofSegment);
        } else if ((isMarked || sum > 0)
                && sum >= threshold() - terms.error()
                && search.isLive().test(ofSegment)) {
            certain.offer(ofSegment, Math.nextUp(SparseQuery.distance(sum - terms.error())));
            shortlist.add(Math.nextDown(SparseQuery.distance(sum + terms.error())), ofSegment);
        }
    }

    /** The least that a sum may be, without the terms that are only looked up. */
    private double bound() {
        return terms.isFinite() ? threshold() - terms.error() - lookedUp : Double.NEGATIVE_INFINITY;
    }

    private boolean isAsked(int row) {
        int ofSegment = block.firstRow() + row;
        RowSet candidates = search.candidates();
        return ofSegment < search.rowCount() && (candidates == null || candidates.contains(ofSegment));
    }

    /** With the terms that are only looked up. */
    private double sum(int row) {
        double sum = sums[row];
        for (int i = 0; lookedUp > 0 && i < terms.count(); i++) {
            if (isLookedUp[i]) {
                long at = block.codesAt(terms.number(i)) + row;
                sum += terms.factor(i) * block.memory().get(ValueLayout.JAVA_BYTE, at);
            }
        }
        return sum;
    }
}

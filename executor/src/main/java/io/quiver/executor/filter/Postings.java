package io.quiver.executor.filter;

import java.io.IOException;
import org.apache.lucene.index.PostingsEnum;
import org.apache.lucene.index.TermsEnum;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.util.FixedBitSet;

/** Lists of rows and sets of rows. */
final class Postings {
    /**
     * Where a list has fewer than this many rows for each of a set, reading all of it costs less than leaping through
     * it.
     */
    private static final int LEAP_COST = 8;

    private Postings() {}

    /** Adds all rows of the current term. */
    static void addAll(TermsEnum term, FixedBitSet rows) throws IOException {
        rows.or(of(term));
    }

    /** Removes those rows that the current term does not have. */
    static void retain(TermsEnum term, FixedBitSet rows, int count) throws IOException {
        if (term.docFreq() / LEAP_COST < count) {
            FixedBitSet all = new FixedBitSet(rows.length());
            addAll(term, all);
            rows.and(all);
        } else {
            leap(of(term), rows);
        }
    }

    /** The first row of a set from {@code row} on, {@link DocIdSetIterator#NO_MORE_DOCS} where there is none. */
    static int next(FixedBitSet rows, int row) {
        return row >= rows.length() ? DocIdSetIterator.NO_MORE_DOCS : rows.nextSetBit(row);
    }

    private static void leap(PostingsEnum list, FixedBitSet rows) throws IOException {
        for (int row = next(rows, 0); row != DocIdSetIterator.NO_MORE_DOCS; row = next(rows, row + 1)) {
            int found = list.docID() < row ? list.advance(row) : list.docID();
            if (found != row) {
                rows.clear(row);
            }
        }
    }

    private static PostingsEnum of(TermsEnum term) throws IOException {
        return term.postings(null, PostingsEnum.NONE);
    }
}

package io.quiver.executor.filter;

import java.io.IOException;
import org.apache.lucene.index.PointValues.IntersectVisitor;
import org.apache.lucene.index.PointValues.Relation;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.util.FixedBitSet;
import org.apache.lucene.util.IntsRef;

/** Collects the rows whose number lies in one of some ranges, which are in order and do not overlap. */
final class NumberPoints implements IntersectVisitor {
    private final NumberRange[] ranges;
    private final FixedBitSet found;

    NumberPoints(NumberRange[] ranges, FixedBitSet found) {
        this.ranges = ranges;
        this.found = found;
    }

    @Override
    public void visit(int row) {
        found.set(row);
    }

    @Override
    public void visit(IntsRef rows) {
        for (int i = rows.offset; i < rows.offset + rows.length; i++) {
            found.set(rows.ints[i]);
        }
    }

    @Override
    public void visit(DocIdSetIterator rows) throws IOException {
        found.or(rows);
    }

    @Override
    public void visit(int row, byte[] number) {
        if (isWanted(number)) {
            found.set(row);
        }
    }

    /** Rows that have one number in common: it is looked at once. */
    @Override
    public void visit(DocIdSetIterator rows, byte[] number) throws IOException {
        if (isWanted(number)) {
            found.or(rows);
        }
    }

    private boolean isWanted(byte[] number) {
        int at = firstNotBefore(number);
        return at < ranges.length && ranges[at].side(number) == 0;
    }

    @Override
    public Relation compare(byte[] least, byte[] greatest) {
        int at = firstNotBefore(least);
        if (at == ranges.length || ranges[at].side(greatest) < 0) {
            return Relation.CELL_OUTSIDE_QUERY;
        }
        boolean isInside = ranges[at].side(least) == 0 && ranges[at].side(greatest) == 0;
        return isInside ? Relation.CELL_INSIDE_QUERY : Relation.CELL_CROSSES_QUERY;
    }

    /** The first range that does not end before the number. */
    private int firstNotBefore(byte[] number) {
        int from = 0;
        int to = ranges.length;
        while (from < to) {
            int middle = (from + to) >>> 1;
            if (ranges[middle].side(number) > 0) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        return from;
    }
}

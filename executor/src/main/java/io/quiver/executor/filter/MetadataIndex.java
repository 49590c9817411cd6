package io.quiver.executor.filter;

import io.quiver.executor.query.Filter.Comparison;
import io.quiver.log.record.MetadataValue.Scalar;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Function;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.PointValues;
import org.apache.lucene.index.Terms;
import org.apache.lucene.index.TermsEnum;
import org.apache.lucene.index.TermsEnum.SeekStatus;
import org.apache.lucene.util.BytesRef;
import org.apache.lucene.util.FixedBitSet;
import org.apache.lucene.util.StringHelper;
import org.jspecify.annotations.Nullable;

/** Answers conditions on metadata from terms and points alone. Each method adds the rows it finds to a set. */
final class MetadataIndex {
    private final @Nullable Terms terms;
    private final @Nullable PointValues points;
    private final LookedAt lookedAt;

    MetadataIndex(LeafReader reader, LookedAt lookedAt) throws IOException {
        this.terms = reader.terms(MetadataTerms.TERMS);
        this.points = reader.getPointValues(MetadataTerms.POINTS);
        this.lookedAt = lookedAt;
    }

    /** Rows whose field equals one of the values. */
    void addEqual(String key, List<Scalar> values, FixedBitSet found) throws IOException {
        List<BytesRef> others = new ArrayList<>();
        List<Scalar> numbers = new ArrayList<>();
        for (Scalar value : values) {
            if (NumberLine.isNumber(value)) {
                numbers.add(value);
            } else {
                others.add(MetadataTerms.scalar(key, value));
            }
        }
        addTerms(others, found);
        addNumbers(key, prefix -> only(prefix, numbers), found);
    }

    /** Rows whose field is a number on one side of a bound. */
    void addCompared(String key, Comparison comparison, Scalar bound, FixedBitSet found) throws IOException {
        addNumbers(key, prefix -> new NumberRange[] {NumberRange.of(prefix, comparison, bound)}, found);
    }

    /** Rows whose field is an array that holds the value. */
    void addContaining(String key, Scalar value, FixedBitSet found) throws IOException {
        addTerms(List.of(MetadataTerms.element(key, value)), found);
    }

    /** About how many rows have a field that equals one of the values. */
    long estimateEqual(String key, List<Scalar> values) throws IOException {
        long rows = 0;
        for (Scalar value : values) {
            rows += NumberLine.isNumber(value)
                    ? estimateNumbers(key, prefix -> only(prefix, List.of(value)))
                    : termRows(MetadataTerms.scalar(key, value));
        }
        return rows;
    }

    /** About how many rows have a number on one side of a bound. */
    long estimateCompared(String key, Comparison comparison, Scalar bound) throws IOException {
        return estimateNumbers(key, prefix -> new NumberRange[] {NumberRange.of(prefix, comparison, bound)});
    }

    /** How many rows have an array that holds the value. */
    long estimateContaining(String key, Scalar value) throws IOException {
        return termRows(MetadataTerms.element(key, value));
    }

    private long termRows(BytesRef term) throws IOException {
        TermsEnum each = terms == null ? null : terms.iterator();
        return each != null && each.seekExact(term) ? each.docFreq() : 0;
    }

    /**
     * By the blocks of points that lie within the ranges; of numbers among the terms nothing is read but how many they
     * are.
     */
    private long estimateNumbers(String key, Function<byte[], NumberRange[]> ranges) throws IOException {
        if (terms == null) {
            return 0;
        }
        TermsEnum each = terms.iterator();
        byte[] pointPrefix = pointPrefix(each, key);
        if (pointPrefix != null && points != null) {
            return points.estimatePointCount(new NumberPoints(ranges.apply(pointPrefix), new FixedBitSet(0)));
        }
        long rows = 0;
        for (NumberRange range : ranges.apply(MetadataTerms.numberPrefix(key))) {
            boolean hasMore = each.seekCeil(new BytesRef(range.from())) != SeekStatus.END;
            while (hasMore && !range.endsBefore(each.term())) {
                rows += each.docFreq();
                hasMore = each.next() != null;
            }
        }
        return rows;
    }

    /** What a key's points begin with, {@code null} where it has none. */
    private static byte @Nullable [] pointPrefix(TermsEnum each, String key) throws IOException {
        BytesRef prefix = MetadataTerms.ordinalPrefix(key);
        boolean isPoint = each.seekCeil(prefix) != SeekStatus.END && StringHelper.startsWith(each.term(), prefix);
        return isPoint ? MetadataTerms.pointPrefix(MetadataTerms.ordinal(each.term())) : null;
    }

    private static NumberRange[] only(byte[] prefix, List<Scalar> numbers) {
        TreeSet<NumberRange> ranges = new TreeSet<>();
        numbers.forEach(number -> ranges.add(NumberRange.only(prefix, number)));
        return ranges.toArray(NumberRange[]::new);
    }

    private void addTerms(List<BytesRef> wanted, FixedBitSet found) throws IOException {
        if (terms == null || wanted.isEmpty()) {
            return;
        }
        TermsEnum each = terms.iterator();
        for (BytesRef term : wanted) {
            if (each.seekExact(term)) {
                addAll(each, found);
            }
        }
    }

    /** Looks for numbers among the points where the key has them there, else among the terms. */
    private void addNumbers(String key, Function<byte[], NumberRange[]> ranges, FixedBitSet found) throws IOException {
        if (terms == null) {
            return;
        }
        TermsEnum each = terms.iterator();
        byte[] pointPrefix = pointPrefix(each, key);
        if (pointPrefix != null && points != null) {
            points.intersect(new NumberPoints(ranges.apply(pointPrefix), found));
        } else {
            for (NumberRange range : ranges.apply(MetadataTerms.numberPrefix(key))) {
                addTermsBetween(each, range, found);
            }
        }
    }

    private void addTermsBetween(TermsEnum each, NumberRange range, FixedBitSet found) throws IOException {
        boolean hasMore = each.seekCeil(new BytesRef(range.from())) != SeekStatus.END;
        while (hasMore && !range.endsBefore(each.term())) {
            addAll(each, found);
            hasMore = each.next() != null;
        }
    }

    private void addAll(TermsEnum term, FixedBitSet found) throws IOException {
        lookedAt.worked(term.docFreq());
        Postings.addAll(term, found);
    }
}

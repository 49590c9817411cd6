package io.quiver.executor.filter;

import io.quiver.executor.regex.Regex;
import io.quiver.executor.regex.RequiredText;
import io.quiver.executor.regex.RequiredText.All;
import io.quiver.executor.regex.RequiredText.Any;
import io.quiver.executor.regex.RequiredText.Anything;
import io.quiver.executor.regex.RequiredText.Text;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.Terms;
import org.apache.lucene.index.TermsEnum;
import org.apache.lucene.index.TermsEnum.SeekStatus;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.util.BytesRef;
import org.apache.lucene.util.FixedBitSet;
import org.apache.lucene.util.StringHelper;
import org.jspecify.annotations.Nullable;

/**
 * Answers conditions on documents: {@link Grams} leave few candidates, and only their documents are looked at. Each
 * method narrows a set of rows, which is the caller's, to those that fulfil the condition.
 */
final class DocumentIndex {
    /** Where so few candidates are left, looking at them costs less than the next list. */
    private static final int CANDIDATES_FEW = 16;
    /** More grams of a text than this would hardly exclude more rows. */
    private static final int GRAMS_MAX = 64;

    private final @Nullable Terms terms;
    private final RowSource rows;
    private final LookedAt lookedAt;

    DocumentIndex(LeafReader reader, RowSource rows, LookedAt lookedAt) throws IOException {
        this.terms = reader.terms(Grams.FIELD);
        this.rows = rows;
        this.lookedAt = lookedAt;
    }

    /** Retains rows whose document holds the text. */
    void retainContaining(String text, FixedBitSet candidates) throws IOException {
        int length = text.codePointCount(0, text.length());
        if (text.isEmpty()) {
            retainGram(new BytesRef(), candidates);
        } else if (length < Grams.LENGTH) {
            retainBeginning(new BytesRef(text), candidates);
        } else if (length == Grams.LENGTH) {
            retainGram(new BytesRef(text), candidates);
        } else {
            retainGrams(text, candidates);
            retainVerified(document -> document.contains(text), candidates);
        }
    }

    /** Retains rows in whose document the expression matches. */
    void retainMatching(Regex regex, FixedBitSet candidates) throws IOException {
        retainGram(new BytesRef(), candidates);
        retainRequired(regex.requiredText(), candidates);
        retainVerified(document -> regex.matchesIn(document, lookedAt::worked), candidates);
    }

    /** About how many documents hold the text: no more than hold its rarest gram. */
    long estimateContaining(String text) throws IOException {
        if (terms == null) {
            return 0;
        }
        TermsEnum each = terms.iterator();
        long rows = each.seekExact(new BytesRef()) ? each.docFreq() : 0;
        List<CountedGram> grams = counted(text, each);
        return grams.isEmpty() ? rows : Math.min(rows, grams.getFirst().rowCount());
    }

    /** About how many documents have what is required; of texts shorter than a gram nothing is known. */
    long estimateRequired(RequiredText required) throws IOException {
        return switch (required) {
            case Anything() -> estimateContaining("");
            case Text(String text) -> estimateContaining(text);
            case All(var parts) -> {
                long least = Long.MAX_VALUE;
                for (RequiredText part : parts) {
                    least = Math.min(least, estimateRequired(part));
                }
                yield least;
            }
            case Any(var parts) -> {
                long sum = 0;
                for (RequiredText part : parts) {
                    sum += estimateRequired(part);
                }
                yield sum;
            }
        };
    }

    /** Retains rows that may have what is required, and all that do. */
    private void retainRequired(RequiredText required, FixedBitSet candidates) throws IOException {
        switch (required) {
            case Anything() -> {}
            case Text(String text) -> retainGrams(text, candidates);
            case All(var parts) -> {
                for (RequiredText part : parts) {
                    retainRequired(part, candidates);
                }
            }
            case Any(var parts) -> retainAny(parts, candidates);
        }
    }

    private void retainAny(List<RequiredText> parts, FixedBitSet candidates) throws IOException {
        FixedBitSet any = new FixedBitSet(candidates.length());
        for (RequiredText part : parts) {
            FixedBitSet some = candidates.clone();
            retainRequired(part, some);
            any.or(some);
        }
        candidates.and(any);
    }

    /** Retains rows whose document has all grams of the text; a text without a full gram says nothing. */
    private void retainGrams(String text, FixedBitSet candidates) throws IOException {
        if (terms == null) {
            candidates.clear();
            return;
        }
        TermsEnum each = terms.iterator();
        List<CountedGram> grams = counted(text, each);
        for (CountedGram gram : grams) {
            int count = candidates.cardinality();
            if (count <= CANDIDATES_FEW && gram.rowCount() > 0) {
                return;
            }
            retainGram(each, gram.bytes(), candidates, count);
        }
    }

    /** The grams of a text, those of the fewest documents first. */
    private static List<CountedGram> counted(String text, TermsEnum each) throws IOException {
        List<CountedGram> grams = new ArrayList<>();
        for (BytesRef gram : fullGrams(text)) {
            grams.add(new CountedGram(gram, each.seekExact(gram) ? each.docFreq() : 0));
        }
        grams.sort(Comparator.comparingInt(CountedGram::rowCount));
        return grams;
    }

    private static SortedSet<BytesRef> fullGrams(String text) {
        SortedSet<BytesRef> distinct = new TreeSet<>();
        for (Grams grams = new Grams(text); grams.isFull() && distinct.size() < GRAMS_MAX; grams.advance()) {
            distinct.add(grams.current());
        }
        return distinct;
    }

    private void retainGram(BytesRef gram, FixedBitSet candidates) throws IOException {
        if (terms == null) {
            candidates.clear();
        } else {
            retainGram(terms.iterator(), gram, candidates, candidates.cardinality());
        }
    }

    private static void retainGram(TermsEnum each, BytesRef gram, FixedBitSet candidates, int count)
            throws IOException {
        if (each.seekExact(gram)) {
            Postings.retain(each, candidates, count);
        } else {
            candidates.clear();
        }
    }

    /** Retains rows whose document has a gram that begins with some bytes. */
    private void retainBeginning(BytesRef prefix, FixedBitSet candidates) throws IOException {
        FixedBitSet found = new FixedBitSet(candidates.length());
        if (terms != null) {
            TermsEnum each = terms.iterator();
            boolean hasMore = each.seekCeil(prefix) != SeekStatus.END;
            while (hasMore && StringHelper.startsWith(each.term(), prefix)) {
                lookedAt.worked(each.docFreq());
                Postings.addAll(each, found);
                hasMore = each.next() != null;
            }
        }
        candidates.and(found);
    }

    private void retainVerified(Predicate<String> condition, FixedBitSet candidates) {
        int row = Postings.next(candidates, 0);
        while (row != DocIdSetIterator.NO_MORE_DOCS) {
            lookedAt.next();
            String document = rows.document(row);
            lookedAt.worked(document == null ? 1 : document.length());
            if (document == null || !condition.test(document)) {
                candidates.clear(row);
            }
            row = Postings.next(candidates, row + 1);
        }
    }

    /** A gram and how many documents have it. */
    private record CountedGram(BytesRef bytes, int rowCount) {}
}

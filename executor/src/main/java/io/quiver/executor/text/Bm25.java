package io.quiver.executor.text;

import io.quiver.log.record.QuiverException;
import io.quiver.log.record.SparseVector;
import java.util.Arrays;

/**
 * Texts as vectors for ranking by BM25, made as Chroma's own function {@code chroma_bm25} makes them of plain English with its
 * usual parameters: a term's index is the hash of its stem, its weight
 * <pre>{@code tf * (K + 1) / (tf + K * (1 - B + B * length / LENGTH_AVERAGE)) }</pre>
 * where {@code tf} says how often the term is in the text and {@code length} how many terms the text has. How rare a term is among all
 * records plays no part. A query's text is read as a record's is.
 *
 * <p>Pure, and safe on every thread. Takes time and memory in proportion to the text.
 */
public final class Bm25 {
    private static final double K = 1.2;
    private static final double B = 0.75;
    private static final double LENGTH_AVERAGE = 256;

    private Bm25() {}

    /** The vector of a text; without terms where it has no words. Refused where it has more terms than a vector may. */
    public static SparseVector vector(String text) {
        int[] terms = Terms.of(text);
        sortUnsigned(terms);
        int distinct = distinct(terms);
        if (distinct > SparseVector.TERMS_MAX) {
            throw QuiverException.invalid("a text of %d different terms is more than the limit of %d for BM25"
                    .formatted(distinct, SparseVector.TERMS_MAX));
        }
        int[] indices = new int[distinct];
        float[] weights = new float[distinct];
        int begin = 0;
        for (int i = 0; i < distinct; i++) {
            int end = endOfRun(terms, begin);
            indices[i] = terms[begin];
            weights[i] = weight(end - begin, terms.length);
            begin = end;
        }
        return SparseVector.of(indices, weights, null);
    }

    private static float weight(double frequency, double length) {
        return (float) (frequency * (K + 1) / (frequency + K * (1 - B + B * length / LENGTH_AVERAGE)));
    }

    private static int distinct(int[] sorted) {
        int count = 0;
        for (int begin = 0; begin < sorted.length; begin = endOfRun(sorted, begin)) {
            count++;
        }
        return count;
    }

    private static int endOfRun(int[] sorted, int begin) {
        int end = begin + 1;
        while (end < sorted.length && sorted[end] == sorted[begin]) {
            end++;
        }
        return end;
    }

    private static void sortUnsigned(int[] values) {
        flipSigns(values);
        Arrays.sort(values);
        flipSigns(values);
    }

    private static void flipSigns(int[] values) {
        for (int i = 0; i < values.length; i++) {
            values[i] ^= Integer.MIN_VALUE;
        }
    }
}

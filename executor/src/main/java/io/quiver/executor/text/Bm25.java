package io.quiver.executor.text;

import io.quiver.log.catalog.Bm25Parameters;
import io.quiver.log.record.QuiverException;
import io.quiver.log.record.SparseVector;
import java.util.Arrays;

/**
 * Texts as vectors for ranking by BM25, made as Chroma's own function {@code chroma_bm25} makes them of plain English
 * with the same parameters: a term's index is the hash of its stem, its weight
 * <pre>{@code tf * (k + 1) / (tf + k * (1 - b + b * length / averageLength)) }</pre>
 * where {@code tf} says how often the term is in the text and {@code length} how many terms the text has. How rare a
 * term is among all records plays no part. A query's text is read as a record's is.
 *
 * <p>Safe on every thread. Takes time and memory in proportion to the text.
 */
public final class Bm25 {
    private static final Bm25 USUAL = new Bm25(Bm25Parameters.DEFAULT);

    private final Bm25Parameters parameters;
    private final Terms terms;

    private Bm25(Bm25Parameters parameters) {
        this.parameters = parameters;
        this.terms = new Terms(new WordAnalyzer(parameters.stopWords(), parameters.termLengthMax()));
    }

    /** Others than the usual parameters take some microseconds: whoever has many texts keeps what is returned. */
    public static Bm25 of(Bm25Parameters parameters) {
        return parameters.equals(Bm25Parameters.DEFAULT) ? USUAL : new Bm25(parameters);
    }

    /** The vector of a text; without terms where it has no words. Refused where it has more terms than a vector may. */
    public SparseVector vector(String text) {
        int[] found = terms.of(text);
        sortUnsigned(found);
        int distinct = distinct(found);
        if (distinct > SparseVector.TERMS_MAX) {
            throw QuiverException.invalid("a text of %d different terms is more than the limit of %d for BM25"
                    .formatted(distinct, SparseVector.TERMS_MAX));
        }
        int[] indices = new int[distinct];
        float[] weights = new float[distinct];
        int begin = 0;
        for (int i = 0; i < distinct; i++) {
            int end = endOfRun(found, begin);
            indices[i] = found[begin];
            weights[i] = weight(end - begin, found.length);
            begin = end;
        }
        return SparseVector.of(indices, weights, null);
    }

    private float weight(double frequency, double length) {
        double k = parameters.k();
        double b = parameters.b();
        return (float) (frequency * (k + 1) / (frequency + k * (1 - b + b * length / parameters.averageLength())));
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

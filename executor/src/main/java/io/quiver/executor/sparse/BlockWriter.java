package io.quiver.executor.sparse;

import io.quiver.log.record.GrowingBuffer;
import io.quiver.log.record.SparseVector;
import java.util.Arrays;

/**
 * Makes a {@link SparseBlock} of the vectors of rows that come in ascending order. Belongs to one thread. Memory: 18
 * bytes a posting on the heap, while it encodes, and the block.
 */
public final class BlockWriter {
    /** What one posting takes on the heap, until the block is encoded. */
    public static final int POSTING_BYTES = 18;

    /** A term that so many rows have, as a part of all, is dense. */
    static final int DENSE_PART = 8;

    private static final int CODE_MAX = 127;
    private static final int POSTINGS_MIN = 256;

    private int[] terms = new int[POSTINGS_MIN];
    private char[] rows = new char[POSTINGS_MIN];
    private float[] weights = new float[POSTINGS_MIN];
    private int count;

    /** Postings taken so far. */
    public int count() {
        return count;
    }

    /**
     * Takes the vector of a row.
     *
     * @param row in the block, larger than any before
     */
    public void add(int row, SparseVector vector) {
        reserve(count + vector.size());
        for (int i = 0; i < vector.size(); i++) {
            terms[count] = vector.index(i);
            rows[count] = (char) row;
            weights[count] = vector.value(i);
            count++;
        }
    }

    private void reserve(int needed) {
        if (needed > terms.length) {
            int capacity = Math.max(needed, terms.length + terms.length / 2);
            terms = Arrays.copyOf(terms, capacity);
            rows = Arrays.copyOf(rows, capacity);
            weights = Arrays.copyOf(weights, capacity);
        }
    }

    /** The block of what was added, for so many rows; the writer is empty again. */
    public GrowingBuffer encode(int rowCount) {
        GrowingBuffer block = new Encoding(rowCount).encode();
        count = 0;
        return block;
    }

    /** The postings in order of terms, then rows. */
    private final class Encoding {
        private final int rowCount;
        private final int[] order = order();
        private final int[] firsts = firsts();
        private final int termCount = firsts.length - 1;

        Encoding(int rowCount) {
            this.rowCount = rowCount;
        }

        private int[] order() {
            long[] keys = new long[count];
            for (int i = 0; i < count; i++) {
                keys[i] = (long) (terms[i] ^ Integer.MIN_VALUE) << 32 | i;
            }
            Arrays.sort(keys);
            int[] sorted = new int[count];
            for (int i = 0; i < count; i++) {
                sorted[i] = (int) keys[i];
            }
            return sorted;
        }

        /** Where the postings of each term begin in the order, and where the last ends. */
        private int[] firsts() {
            int[] begins = new int[count + 1];
            int found = 0;
            for (int i = 0; i < count; i++) {
                if (i == 0 || terms[order[i]] != terms[order[i - 1]]) {
                    begins[found++] = i;
                }
            }
            begins[found] = count;
            return Arrays.copyOf(begins, found + 1);
        }

        private boolean isDense(int term) {
            return (long) size(term) * DENSE_PART > rowCount;
        }

        private int size(int term) {
            return firsts[term + 1] - firsts[term];
        }

        GrowingBuffer encode() {
            int[] places = new int[termCount];
            int dense = 0;
            int postings = 0;
            for (int term = 0; term < termCount; term++) {
                places[term] = isDense(term) ? SparseBlock.DENSE | dense++ : postings;
                postings += isDense(term) ? 0 : size(term);
            }
            long sizeBytes = SparseBlock.HEADER_BYTES
                    + 4L * SparseBlock.TERM_ARRAYS * termCount
                    + 3L * postings
                    + SparseBlock.ALIGNMENT
                    + (long) dense * SparseBlock.aligned(rowCount);
            GrowingBuffer out = new GrowingBuffer(Math.toIntExact(sizeBytes));
            out.putInt(termCount).putInt(dense).putInt(postings).putInt(rowCount);
            Codes codes = writeTerms(out, places);
            writePostings(out, codes);
            writeDense(out, codes);
            return out;
        }

        private Codes writeTerms(GrowingBuffer out, int[] places) {
            Codes codes = new Codes(termCount);
            for (int term = 0; term < termCount; term++) {
                codes.measure(this, term);
                out.putInt(terms[order[firsts[term]]]);
            }
            for (int place : places) {
                out.putInt(place);
            }
            for (int term = 0; term < termCount; term++) {
                out.putInt(size(term));
            }
            codes.write(out);
            return codes;
        }

        private void writePostings(GrowingBuffer out, Codes codes) {
            for (int term = 0; term < termCount; term++) {
                for (int i = firsts[term]; !isDense(term) && i < firsts[term + 1]; i++) {
                    out.putByte(rows[order[i]]).putByte(rows[order[i]] >>> Byte.SIZE);
                }
            }
            for (int term = 0; term < termCount; term++) {
                for (int i = firsts[term]; !isDense(term) && i < firsts[term + 1]; i++) {
                    out.putByte(codes.code(term, weight(i)));
                }
            }
            out.putBytes(new byte[SparseBlock.aligned(out.sizeBytes()) - out.sizeBytes()]);
        }

        private void writeDense(GrowingBuffer out, Codes codes) {
            byte[] all = new byte[SparseBlock.aligned(rowCount)];
            for (int term = 0; term < termCount; term++) {
                if (isDense(term)) {
                    Arrays.fill(all, (byte) 0);
                    for (int i = firsts[term]; i < firsts[term + 1]; i++) {
                        all[rows[order[i]]] = (byte) codes.code(term, weight(i));
                    }
                    out.putBytes(all);
                }
            }
        }

        float weight(int i) {
            return weights[order[i]];
        }
    }

    /** How the weights of each term are shortened. */
    private static final class Codes {
        private final float[] smallest;
        private final float[] largest;
        private final float[] steps;
        private final float[] errors;

        Codes(int termCount) {
            smallest = new float[termCount];
            largest = new float[termCount];
            steps = new float[termCount];
            errors = new float[termCount];
        }

        void measure(Encoding postings, int term) {
            float least = Float.POSITIVE_INFINITY;
            float most = Float.NEGATIVE_INFINITY;
            for (int i = postings.firsts[term]; i < postings.firsts[term + 1]; i++) {
                least = Math.min(least, postings.weight(i));
                most = Math.max(most, postings.weight(i));
            }
            smallest[term] = least;
            largest[term] = most;
            steps[term] = Math.max(Math.abs(least), Math.abs(most)) / CODE_MAX;
            double error = 0;
            for (int i = postings.firsts[term]; i < postings.firsts[term + 1]; i++) {
                float weight = postings.weight(i);
                error = Math.max(error, Math.abs(weight - (double) code(term, weight) * steps[term]));
            }
            errors[term] = Math.nextUp((float) error);
        }

        /** Never 0; of the weight's sign. */
        int code(int term, float weight) {
            int code = steps[term] == 0 ? 0 : Math.clamp(Math.round(weight / steps[term]), -CODE_MAX, CODE_MAX);
            return code != 0 ? code : weight < 0 ? -1 : 1;
        }

        void write(GrowingBuffer out) {
            for (float[] array : new float[][] {smallest, largest, steps, errors}) {
                for (float value : array) {
                    out.putInt(Float.floatToRawIntBits(value));
                }
            }
        }
    }
}

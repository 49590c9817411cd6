package io.quiver.executor.sparse;

import io.quiver.log.record.SparseVector;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A sparse vector to compare with, under a key. Its inner product with another is the sum, in double precision and in
 * ascending order of unsigned indices, of the products of the weights of shared terms, each of which is exact: the same
 * two vectors give the same bits wherever they lie. Immutable.
 */
public final class SparseQuery {
    private final String key;
    private final byte[] utf8;
    private final int[] terms;
    private final float[] weights;

    public SparseQuery(String key, SparseVector vector) {
        this.key = key;
        this.utf8 = key.getBytes(StandardCharsets.UTF_8);
        this.terms = new int[vector.size()];
        this.weights = new float[vector.size()];
        for (int i = 0; i < terms.length; i++) {
            terms[i] = vector.index(i);
            weights[i] = vector.value(i);
        }
    }

    public String key() {
        return key;
    }

    /** The key's UTF-8, which nobody may change. */
    public byte[] keyBytes() {
        return utf8;
    }

    int size() {
        return terms.length;
    }

    int term(int i) {
        return terms[i];
    }

    float weight(int i) {
        return weights[i];
    }

    /** Smaller is nearer. */
    static float distance(double product) {
        return (float) (1 - product);
    }

    /** {@code NaN} where they share no term. */
    public double product(SparseVector vector) {
        double sum = 0;
        int shared = 0;
        int i = 0;
        int j = 0;
        while (i < terms.length && j < vector.size()) {
            int order = Integer.compareUnsigned(terms[i], vector.index(j));
            if (order == 0) {
                sum += (double) weights[i] * vector.value(j);
                shared++;
            }
            i += order <= 0 ? 1 : 0;
            j += order >= 0 ? 1 : 0;
        }
        return shared == 0 ? Double.NaN : sum;
    }

    /**
     * As {@link #product(SparseVector)}, of {@code count} indices and as many weights that begin at the buffer's
     * position.
     */
    public double product(ByteBuffer vector, int count) {
        int begin = vector.position();
        int weightsAt = begin + count * Integer.BYTES;
        double sum = 0;
        int shared = 0;
        int i = 0;
        int at = begin;
        while (i < terms.length && at < weightsAt) {
            int order = Integer.compareUnsigned(terms[i], vector.getInt(at));
            if (order == 0) {
                sum += (double) weights[i] * vector.getFloat(weightsAt - begin + at);
                shared++;
            }
            i += order <= 0 ? 1 : 0;
            at += order >= 0 ? Integer.BYTES : 0;
        }
        return shared == 0 ? Double.NaN : sum;
    }
}

package io.quiver.log.record;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;

/**
 * The vector of a record: a window of {@code dimension} floats in an array that nobody changes any more.
 *
 * <p>Embeddings of one batch may share one array, so that a batch costs one copy and no array a record. Equality is by
 * the bits of the floats.
 */
public final class Embedding {
    private static final ValueLayout.OfFloat LITTLE_ENDIAN_FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final float[] array;
    private final int from;
    private final int dimension;

    private Embedding(float[] array, int from, int dimension) {
        this.array = array;
        this.from = from;
        this.dimension = dimension;
    }

    /** The whole array, which the caller gives away. */
    public static Embedding of(float... values) {
        return slice(values, 0, values.length);
    }

    /** A window of an array, which the caller gives away. */
    public static Embedding slice(float[] array, int from, int dimension) {
        if (dimension < 1 || from < 0 || from > array.length - dimension) {
            throw new IllegalArgumentException(
                    "no window of %d floats at %d in %d".formatted(dimension, from, array.length));
        }
        return new Embedding(array, from, dimension);
    }

    public int dimension() {
        return dimension;
    }

    public float at(int index) {
        return array[from + Objects.checkIndex(index, dimension)];
    }

    /** A fresh array of the values. */
    public float[] toArray() {
        return Arrays.copyOfRange(array, from, from + dimension);
    }

    /** Copies the values to byte {@code offset} of {@code target}, little-endian. */
    public void copyTo(MemorySegment target, long offset) {
        MemorySegment.copy(array, from, target, LITTLE_ENDIAN_FLOAT, offset, dimension);
    }

    /** Copies the values to {@code target}, from index {@code at} on. */
    public void copyTo(float[] target, int at) {
        System.arraycopy(array, from, target, at, dimension);
    }

    /** True when no value is infinite or not a number. */
    public boolean isFinite() {
        for (int i = from; i < from + dimension; i++) {
            if (!Float.isFinite(array[i])) {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Embedding that
                && Arrays.equals(array, from, from + dimension, that.array, that.from, that.from + that.dimension);
    }

    @Override
    public int hashCode() {
        int hash = 1;
        for (int i = from; i < from + dimension; i++) {
            hash = 31 * hash + Float.floatToIntBits(array[i]);
        }
        return hash;
    }

    @Override
    public String toString() {
        return Arrays.toString(toArray());
    }
}

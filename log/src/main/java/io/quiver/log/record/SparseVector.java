package io.quiver.log.record;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A vector of which only the components that are not zero are written down: its terms, in strictly ascending order of
 * their unsigned 32-bit indices, each with a finite weight. Immutable; equality is by the bits of the weights.
 */
public final class SparseVector {
    public static final int TERMS_MAX = 65_536;

    private final int[] indices;
    private final float[] values;
    private final @Nullable List<String> tokens;

    private SparseVector(int[] indices, float[] values, @Nullable List<String> tokens) {
        this.indices = indices;
        this.values = values;
        this.tokens = tokens;
    }

    /**
     * Takes over the arrays, which the caller gives away.
     *
     * @param indices unsigned, strictly ascending
     * @param tokens the texts behind the indices, one each, where somebody wants them back
     */
    public static SparseVector of(int[] indices, float[] values, @Nullable List<String> tokens) {
        require(indices.length == values.length, "a sparse vector has as many values as indices");
        require(indices.length <= TERMS_MAX, "a sparse vector has at most %d terms".formatted(TERMS_MAX));
        require(tokens == null || tokens.size() == indices.length, "a sparse vector has as many tokens as indices");
        for (int i = 0; i < indices.length; i++) {
            require(Float.isFinite(values[i]), "the values of a sparse vector are finite");
            require(
                    i == 0 || Integer.compareUnsigned(indices[i - 1], indices[i]) < 0,
                    "the indices of a sparse vector ascend strictly");
        }
        return new SparseVector(indices, values, tokens == null ? null : List.copyOf(tokens));
    }

    private static void require(boolean isTrue, String otherwise) {
        if (!isTrue) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    /** Terms that are written down. */
    public int size() {
        return indices.length;
    }

    /** Unsigned. */
    public int index(int i) {
        return indices[i];
    }

    public float value(int i) {
        return values[i];
    }

    public @Nullable List<String> tokens() {
        return tokens;
    }

    /** About how many bytes it takes, written down. */
    public long sizeBytes() {
        long bytes = (long) size() * (Integer.BYTES + Float.BYTES);
        if (tokens != null) {
            for (String token : tokens) {
                bytes += Integer.BYTES + token.length();
            }
        }
        return bytes;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SparseVector that
                && Arrays.equals(indices, that.indices)
                && Arrays.equals(values, that.values)
                && Objects.equals(tokens, that.tokens);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(indices) + Arrays.hashCode(values);
    }

    @Override
    public String toString() {
        return "SparseVector[" + size() + " terms]";
    }
}

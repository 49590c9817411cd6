package io.quiver.loadtest.data;

import io.quiver.log.record.Embedding;
import java.util.Arrays;
import java.util.Objects;

/** Vectors of one dimension, one after the other; split over arrays of whole vectors where one would be too long. */
public final class Vectors {
    private static final int CHUNK_FLOATS = 1 << 26;

    private final float[][] chunks;
    private final int dimension;
    private final int count;
    private final int perChunk;

    public Vectors(int count, int dimension) {
        this.count = count;
        this.dimension = dimension;
        this.perChunk = Math.max(1, CHUNK_FLOATS / dimension);
        this.chunks = new float[(count + perChunk - 1) / perChunk][];
        for (int i = 0; i < chunks.length; i++) {
            chunks[i] = new float[Math.min(perChunk, count - i * perChunk) * dimension];
        }
    }

    public int count() {
        return count;
    }

    public int dimension() {
        return dimension;
    }

    public Embedding get(int row) {
        return Embedding.slice(chunk(row), at(row), dimension);
    }

    public float[] copy(int row) {
        return Arrays.copyOfRange(chunk(row), at(row), at(row) + dimension);
    }

    /** The array that holds a row, from {@link #at} on. */
    public float[] chunk(int row) {
        return chunks[Objects.checkIndex(row, count) / perChunk];
    }

    /** The first row after {@code row} that does not lie in the same array. */
    public int endOfRun(int row) {
        return Math.min(count, (row / perChunk + 1) * perChunk);
    }

    public int at(int row) {
        return row % perChunk * dimension;
    }
}

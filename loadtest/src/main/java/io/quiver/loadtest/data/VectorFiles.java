package io.quiver.loadtest.data;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** Files of vectors: {@code .fvecs} and {@code .ivecs} of the field, and gzipped rows of bytes or integers. */
final class VectorFiles {
    private VectorFiles() {}

    /** Each vector is a little-endian int dimension, then as many floats. */
    static Vectors fvecs(Path file) throws IOException {
        List<float[]> rows = new ArrayList<>();
        try (DataInputStream in = open(file)) {
            for (byte[] row = vector(in); row != null; row = vector(in)) {
                float[] values = new float[row.length / Float.BYTES];
                littleEndian(row).asFloatBuffer().get(values);
                rows.add(values);
            }
        }
        return of(rows);
    }

    static int[][] ivecs(Path file) throws IOException {
        List<int[]> rows = new ArrayList<>();
        try (DataInputStream in = open(file)) {
            for (byte[] row = vector(in); row != null; row = vector(in)) {
                rows.add(ints(row));
            }
        }
        return rows.toArray(int[][]::new);
    }

    /** Rows of {@code dimension} unsigned bytes, which become floats as they are. */
    static Vectors unsignedBytes(Path file, int dimension) throws IOException {
        byte[] bytes = bytes(file);
        Vectors vectors = new Vectors(bytes.length / dimension, dimension);
        for (int row = 0; row < vectors.count(); row++) {
            float[] target = vectors.chunk(row);
            int at = vectors.at(row);
            for (int i = 0; i < dimension; i++) {
                target[at + i] = bytes[row * dimension + i] & 0xff;
            }
        }
        return vectors;
    }

    /** Rows of {@code width} little-endian ints. */
    static int[][] intRows(Path file, int width) throws IOException {
        int[] all = ints(bytes(file));
        int[][] rows = new int[all.length / width][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = Arrays.copyOfRange(all, i * width, (i + 1) * width);
        }
        return rows;
    }

    private static byte[] bytes(Path file) throws IOException {
        try (InputStream in = open(file)) {
            return in.readAllBytes();
        }
    }

    private static DataInputStream open(Path file) throws IOException {
        InputStream raw = new BufferedInputStream(Files.newInputStream(file), 1 << 20);
        return new DataInputStream(file.toString().endsWith(".gz") ? new GZIPInputStream(raw, 1 << 16) : raw);
    }

    private static byte @Nullable [] vector(DataInputStream in) throws IOException {
        byte[] length = in.readNBytes(Integer.BYTES);
        if (length.length == 0) {
            return null;
        }
        int dimension = littleEndian(length).getInt();
        byte[] row = in.readNBytes(dimension * Float.BYTES);
        if (row.length != dimension * Float.BYTES) {
            throw new EOFException("a vector of %d values ends after %d bytes".formatted(dimension, row.length));
        }
        return row;
    }

    private static int[] ints(byte[] bytes) {
        int[] values = new int[bytes.length / Integer.BYTES];
        littleEndian(bytes).asIntBuffer().get(values);
        return values;
    }

    private static ByteBuffer littleEndian(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static Vectors of(List<float[]> rows) {
        Vectors vectors = new Vectors(rows.size(), rows.isEmpty() ? 1 : rows.getFirst().length);
        for (int i = 0; i < rows.size(); i++) {
            System.arraycopy(rows.get(i), 0, vectors.chunk(i), vectors.at(i), vectors.dimension());
        }
        return vectors;
    }
}

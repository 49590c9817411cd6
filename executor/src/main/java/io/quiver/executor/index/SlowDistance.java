package io.quiver.executor.index;

import java.lang.foreign.MemorySegment;

/** Distances in double precision, cut to the range of a float: for vectors whose sums are beyond single precision. */
final class SlowDistance {
    private SlowDistance() {}

    static float squaredL2(MemorySegment rows, long offset, float[] query) {
        double sum = 0;
        for (int i = 0; i < query.length; i++) {
            double difference = (double) value(rows, offset, i) - query[i];
            sum += difference * difference;
        }
        return finite(sum);
    }

    static float innerProduct(MemorySegment rows, long offset, float[] query) {
        return finite(1 - dot(rows, offset, query));
    }

    /** Of two vectors that have a length. */
    static float cosine(MemorySegment rows, long offset, float[] query) {
        double rowSquare = 0;
        double querySquare = 0;
        for (int i = 0; i < query.length; i++) {
            double value = value(rows, offset, i);
            rowSquare += value * value;
            querySquare += (double) query[i] * query[i];
        }
        return Distances.cosine(dot(rows, offset, query) / (Math.sqrt(rowSquare) * Math.sqrt(querySquare)));
    }

    private static double dot(MemorySegment rows, long offset, float[] query) {
        double sum = 0;
        for (int i = 0; i < query.length; i++) {
            sum += (double) value(rows, offset, i) * query[i];
        }
        return sum;
    }

    private static float value(MemorySegment rows, long offset, int i) {
        return rows.get(Distances.FLOAT, offset + (long) i * Float.BYTES);
    }

    private static float finite(double distance) {
        return (float) Math.clamp(distance, -Float.MAX_VALUE, Float.MAX_VALUE);
    }
}

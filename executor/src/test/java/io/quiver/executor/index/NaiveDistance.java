package io.quiver.executor.index;

/** What the kernels are compared with: one loop in double precision. */
public final class NaiveDistance {
    private NaiveDistance() {}

    static double of(Metric metric, float[] left, float[] right) {
        return switch (metric) {
            case SQUARED_L2 -> square(left, right);
            case COSINE -> cosine(left, right);
            case INNER_PRODUCT -> 1 - dot(left, right);
        };
    }

    /** The row of the first {@code count} that is nearest; the lowest where several are as near. */
    public static int nearest(Metric metric, float[][] embeddings, int count, float[] query) {
        int nearest = 0;
        for (int row = 1; row < count; row++) {
            nearest = of(metric, embeddings[row], query) < of(metric, embeddings[nearest], query) ? row : nearest;
        }
        return nearest;
    }

    static double dot(float[] left, float[] right) {
        double sum = 0;
        for (int i = 0; i < left.length; i++) {
            sum += (double) left[i] * right[i];
        }
        return sum;
    }

    static double square(float[] left, float[] right) {
        double sum = 0;
        for (int i = 0; i < left.length; i++) {
            double difference = (double) left[i] - right[i];
            sum += difference * difference;
        }
        return sum;
    }

    private static double cosine(float[] left, float[] right) {
        double lengths = Math.sqrt(dot(left, left)) * Math.sqrt(dot(right, right));
        return lengths == 0 ? 1 : 1 - dot(left, right) / lengths;
    }
}

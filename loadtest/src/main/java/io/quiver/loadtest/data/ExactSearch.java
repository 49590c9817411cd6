package io.quiver.loadtest.data;

import io.quiver.log.catalog.Space;
import java.util.Arrays;
import java.util.stream.IntStream;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The true nearest rows, by looking at all of them: written apart from the server's kernels, so that one can prove the
 * other. Uses every core.
 */
public final class ExactSearch {
    private static final VectorSpecies<Float> LANES = FloatVector.SPECIES_PREFERRED;

    private ExactSearch() {}

    /** For each query the {@code k} nearest rows of {@code base}, nearest first, ties by row. */
    public static int[][] nearest(Vectors base, Vectors queries, Space space, int k) {
        return IntStream.range(0, queries.count())
                .parallel()
                .mapToObj(query -> nearest(base, queries.copy(query), space, k))
                .toArray(int[][]::new);
    }

    /** Distance of a query to a row, in the server's terms. */
    public static float distance(Vectors base, int row, float[] query, Space space) {
        float[] chunk = base.chunk(row);
        int at = base.at(row);
        return switch (space) {
            case L2 -> squaredDifferences(query, chunk, at);
            case IP -> 1 - product(query, 0, chunk, at, query.length);
            case COSINE -> {
                float norms = product(query, 0, query, 0, query.length) * product(chunk, at, chunk, at, query.length);
                yield norms == 0 ? 1 : 1 - product(query, 0, chunk, at, query.length) / (float) Math.sqrt(norms);
            }
        };
    }

    private static int[] nearest(Vectors base, float[] query, Space space, int k) {
        float[] distances = new float[Math.min(k, base.count())];
        int[] rows = new int[distances.length];
        Arrays.fill(distances, Float.POSITIVE_INFINITY);
        for (int row = 0; row < base.count(); row++) {
            insert(distances, rows, row, distance(base, row, query, space));
        }
        return rows;
    }

    private static void insert(float[] distances, int[] rows, int row, float distance) {
        int at = distances.length - 1;
        if (at < 0 || !(distance < distances[at])) {
            return;
        }
        for (; at > 0 && distance < distances[at - 1]; at--) {
            distances[at] = distances[at - 1];
            rows[at] = rows[at - 1];
        }
        distances[at] = distance;
        rows[at] = row;
    }

    private static float squaredDifferences(float[] query, float[] row, int at) {
        FloatVector sums = FloatVector.zero(LANES);
        int i = 0;
        for (int bound = LANES.loopBound(query.length); i < bound; i += LANES.length()) {
            FloatVector difference =
                    FloatVector.fromArray(LANES, query, i).sub(FloatVector.fromArray(LANES, row, at + i));
            sums = difference.fma(difference, sums);
        }
        float sum = sums.reduceLanes(VectorOperators.ADD);
        for (; i < query.length; i++) {
            float difference = query[i] - row[at + i];
            sum += difference * difference;
        }
        return sum;
    }

    private static float product(float[] left, int leftAt, float[] right, int rightAt, int count) {
        FloatVector sums = FloatVector.zero(LANES);
        int i = 0;
        for (int bound = LANES.loopBound(count); i < bound; i += LANES.length()) {
            sums = FloatVector.fromArray(LANES, left, leftAt + i)
                    .fma(FloatVector.fromArray(LANES, right, rightAt + i), sums);
        }
        float sum = sums.reduceLanes(VectorOperators.ADD);
        for (; i < count; i++) {
            sum += left[leftAt + i] * right[rightAt + i];
        }
        return sum;
    }
}

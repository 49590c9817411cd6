package io.quiver.loadtest.data;

import io.quiver.log.catalog.Space;
import java.util.List;
import java.util.function.IntPredicate;
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

    /** Queries that share one pass over the rows. */
    private static final int GROUP = 16;

    private static final int BLOCK_FLOATS = 1 << 16;

    private ExactSearch() {}

    /** For each query the {@code k} nearest rows of {@code base}, nearest first, ties by row. */
    public static int[][] nearest(Vectors base, Vectors queries, Space space, int k) {
        return nearest(base, queries, space, k, _ -> true);
    }

    /** The same among the rows that are accepted. */
    public static int[][] nearest(Vectors base, Vectors queries, Space space, int k, IntPredicate isAccepted) {
        int[][] found = new int[queries.count()][];
        int groups = Math.ceilDiv(found.length, GROUP);
        IntStream.range(0, groups).parallel().forEach(group -> {
            int from = group * GROUP;
            List<NearestOfQuery> members = IntStream.range(from, Math.min(from + GROUP, found.length))
                    .mapToObj(query -> new NearestOfQuery(base, queries.copy(query), space, k))
                    .toList();
            search(members, base, isAccepted);
            for (int i = 0; i < members.size(); i++) {
                found[from + i] = members.get(i).rows();
            }
        });
        return found;
    }

    /** Block after block of rows that stay in the cache while every query of the group looks at them. */
    private static void search(List<NearestOfQuery> group, Vectors base, IntPredicate isAccepted) {
        int blockRows = Math.max(1, BLOCK_FLOATS / base.dimension());
        for (int from = 0; from < base.count(); from += blockRows) {
            int[] block = IntStream.range(from, Math.min(from + blockRows, base.count()))
                    .filter(isAccepted)
                    .toArray();
            group.forEach(query -> query.lookAt(block));
        }
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

package io.quiver.executor.index.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quiver.executor.index.Metric;
import io.quiver.executor.index.NearestRows;
import io.quiver.executor.index.RowSearch;
import io.quiver.executor.index.RowSet;
import io.quiver.executor.index.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** How far a walk may look, against all that it came by, sorted anew after every node. */
class NearestNodesTest {
    private static final int NODES = 400;
    private static final int EF = 60;
    private static final double PLACES_OF_DOUBLE = 80;
    private static final float[] NOWHERE = {};

    private final Random random = Seeds.random("NearestNodesTest");
    private final NearestNodes nearest = new NearestNodes(Metric.SQUARED_L2);

    private record Met(float distance, boolean isHit) {}

    /** Squared distance up to which an estimate is worth a step. */
    private static double reach(List<Met> met, int k, double ef) {
        List<Met> hits = met.stream()
                .filter(Met::isHit)
                .sorted((one, other) -> Float.compare(one.distance, other.distance))
                .toList();
        if (hits.size() < k) {
            return Double.POSITIVE_INFINITY;
        }
        double last = hits.get(k - 1).distance;
        long passed =
                met.stream().filter(node -> !node.isHit && node.distance < last).count();
        double places = ef / Math.sqrt((double) (k + passed) * k);
        return last * (1 + Math.max(0, places - 1) / PLACES_OF_DOUBLE);
    }

    private RowSearch search(int k, RowSet accepted) {
        return new RowSearch(new float[1], accepted, _ -> true, new NearestRows(k, row -> row), () -> false, EF);
    }

    @Test
    void countsWhatItPassesAsIfItWereWanted() {
        for (int round = 0; round < 200; round++) {
            int k = 1 + random.nextInt(12);
            double share = 0.05 + 0.95 * random.nextDouble();
            RowSet accepted = accepted(share);
            nearest.reset(search(k, accepted).filteringHits(share), EF, NOWHERE);
            List<Met> met = new ArrayList<>();
            for (int node : random.ints(0, NODES).distinct().limit(NODES / 2).toArray()) {
                float distance = 1 + random.nextInt(1000) / 10f;
                met.add(new Met(distance, accepted.contains(node)));
                nearest.offer(Beam.key(distance, node), node);
                assertEquals(reach(met, k, EF * Math.sqrt(share)), nearest.reach(), 1e-3);
            }
        }
    }

    /** These are expanded only where they lead to something: how many there are says nothing. */
    @Test
    void countsNoBridges() {
        int k = 5;
        RowSet accepted = accepted(0.3);
        nearest.reset(search(k, accepted), EF, NOWHERE);
        List<Met> met = new ArrayList<>();
        for (int node = 0; node < NODES; node++) {
            float distance = 1 + random.nextInt(1000) / 10f;
            if (accepted.contains(node)) {
                met.add(new Met(distance, true));
            }
            nearest.offer(Beam.key(distance, node), node);
            assertEquals(reach(met, k, EF), nearest.reach(), 1e-3);
        }
    }

    private RowSet accepted(double share) {
        RowSet accepted = RowSet.none(NODES);
        random.ints(0, NODES)
                .distinct()
                .limit(Math.max(20, Math.round(share * NODES)))
                .forEach(accepted::add);
        return accepted;
    }
}

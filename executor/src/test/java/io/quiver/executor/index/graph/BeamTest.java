package io.quiver.executor.index.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quiver.executor.index.Seeds;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The beam against a map that is sorted anew after every offer. */
class BeamTest {
    private static final int NODES = 500;
    private static final int OFFERS = 400;

    /** What a beam should hold; forgets what falls off the end, as the beam does. */
    private static final class Model {
        private final Map<Integer, Long> keys = new HashMap<>();
        private int limit;

        Model(int limit) {
            this.limit = limit;
        }

        void offer(float estimate, int node) {
            keys.merge(node, Beam.key(estimate, node), Math::min);
            while (keys.size() > limit) {
                keys.values().remove(sorted()[limit]);
            }
        }

        long[] sorted() {
            return keys.values().stream().mapToLong(key -> key).sorted().toArray();
        }
    }

    private final Random random = Seeds.random("BeamTest");
    private final Beam beam = new Beam(NODES);

    @Test
    void holdsTheNearestNodesOnceEach() {
        for (int round = 0; round < 300; round++) {
            int first = 1 + random.nextInt(8);
            int capacity = first + random.nextInt(150);
            beam.reset(first, capacity);
            Model model = new Model(first);
            offer(model, 20);
            beam.widen(capacity);
            model.limit = capacity;
            offer(model, OFFERS);
        }
    }

    private void offer(Model model, int count) {
        for (int i = 0; i < count; i++) {
            int node = random.nextInt(NODES);
            float estimate = estimate();
            beam.offer(estimate, node);
            model.offer(estimate, node);
            assertSame(model);
        }
    }

    /** Many alike, some below zero, as estimates may be. */
    private float estimate() {
        return random.nextBoolean() ? random.nextInt(20) : random.nextFloat() * 20 - 1;
    }

    private void assertSame(Model model) {
        long[] expected = model.sorted();
        assertEquals(expected.length, beam.size());
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], beam.key(i));
        }
        float threshold =
                expected.length < model.limit ? Float.POSITIVE_INFINITY : Beam.distance(expected[model.limit - 1]);
        assertEquals(threshold, beam.threshold());
    }

    @Test
    void namesTheNearestThatIsNotYetVisited() {
        for (int round = 0; round < 300; round++) {
            int capacity = 1 + random.nextInt(100);
            beam.reset(capacity, capacity);
            Model model = new Model(capacity);
            long[] visited = new long[(NODES + 63) / 64];
            for (int i = 0; i < OFFERS; i++) {
                int node = random.nextInt(NODES);
                if ((visited[node >>> 6] & 1L << node) == 0) {
                    float estimate = estimate();
                    beam.offer(estimate, node);
                    model.offer(estimate, node);
                }
                long nearest = beam.nearestNotIn(visited);
                assertEquals(nearest(model, visited), nearest);
                if (nearest != Long.MAX_VALUE && random.nextInt(3) == 0) {
                    visited[(int) nearest >>> 6] |= 1L << (int) nearest;
                }
            }
        }
    }

    private static long nearest(Model model, long[] visited) {
        for (long key : model.sorted()) {
            if ((visited[(int) key >>> 6] & 1L << (int) key) == 0) {
                return key;
            }
        }
        return Long.MAX_VALUE;
    }
}

package io.quiver.executor.index.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.executor.index.Metric;
import io.quiver.executor.index.Seeds;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** A graph that is joined again and again, while rows die and others come, stays as good as one built from nothing. */
class ChurnedGraphTest {
    private static final int DIMENSION = 32;
    private static final double RECALL_LOSS_MAX = 0.005;

    @Test
    void fiftyGenerationsOfDeletesAndInsertsCostNothing() {
        Random random = Seeds.random("fiftyGenerationsOfDeletesAndInsertsCostNothing");
        Supplier<float[]> rows = () -> decaying(random);
        float[][] queries = draw(500, rows);
        try (Churned churned = new Churned(random, draw(2_000, rows))) {
            churned.live(50, rows);
            churned.graph.verify();
            double fresh = churned.part.recall(churned.part.fresh(), queries, 50);
            double found = churned.part.recall(churned.graph, queries, 50);
            assertTrue(found >= fresh - RECALL_LOSS_MAX, "found %.4f, fresh %.4f".formatted(found, fresh));
            assertEquals(List.of(), churned.part.lost(churned.graph));
        }
    }

    /** A part of which one row in fifty dies in each generation, and as many come. */
    private static final class Churned implements AutoCloseable {
        private final Random random;
        private Arena arena = Arena.ofShared();
        private Part part;
        private GraphIndex graph;

        Churned(Random random, float[][] embeddings) {
            this.random = random;
            this.part = new Part(embeddings, Metric.SQUARED_L2, arena);
            this.graph = part.fresh();
        }

        void live(int generations, Supplier<float[]> rows) {
            for (int generation = 0; generation < generations; generation++) {
                next(rows);
            }
        }

        private void next(Supplier<float[]> rows) {
            List<float[]> embeddings = new ArrayList<>();
            int[] newRows = new int[part.count()];
            for (int row = 0; row < newRows.length; row++) {
                boolean dies = random.nextInt(50) == 0;
                newRows[row] = dies ? -1 : embeddings.size();
                if (!dies) {
                    embeddings.add(part.embeddings[row]);
                }
            }
            while (embeddings.size() < newRows.length) {
                embeddings.add(rows.get());
            }
            Arena before = arena;
            arena = Arena.ofShared();
            part = new Part(embeddings.toArray(float[][]::new), Metric.SQUARED_L2, arena);
            graph = part.open(part.join(List.of(new OlderGraph(graph, newRows)), BuildWorkers.ONE)
                    .orElseThrow());
            before.close();
        }

        @Override
        public void close() {
            arena.close();
        }
    }

    private static float[][] draw(int count, Supplier<float[]> rows) {
        float[][] drawn = new float[count][];
        Arrays.setAll(drawn, _ -> rows.get());
        return drawn;
    }

    /** Real embeddings do not go in all directions alike. */
    private static float[] decaying(Random random) {
        float[] embedding = Seeds.embedding(random, DIMENSION);
        for (int i = 0; i < DIMENSION; i++) {
            embedding[i] *= (float) Math.pow(0.9, i);
        }
        return embedding;
    }
}

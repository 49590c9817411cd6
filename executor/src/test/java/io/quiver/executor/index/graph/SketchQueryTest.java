package io.quiver.executor.index.graph;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.executor.index.ChunkedRows;
import io.quiver.executor.index.Metric;
import io.quiver.executor.index.Seeds;
import java.lang.foreign.Arena;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What sketches say of distances is hardly ever too much, and mostly not much too little. */
class SketchQueryTest {
    private static final int ROWS = 1_000;
    private static final int DIMENSION = 520;
    private static final int QUERIES = 20;

    /** Of sixty thousand comparisons, where one in three million is to be expected. */
    private static final int BEYOND_MAX = 3;

    private int beyond;
    private double shares;

    @Test
    void saysHowFarRowsAreAtLeast() {
        Random random = Seeds.random("saysHowFarRowsAreAtLeast");
        float[][] embeddings = new ClusteredRows(random, DIMENSION).draw(ROWS);
        for (Metric metric : Metric.values()) {
            try (Arena arena = Arena.ofConfined()) {
                ChunkedRows rows = new ChunkedRows(arena, embeddings, DIMENSION, 300, 0);
                check(metric, rows, embeddings, arena, random);
            }
        }
        double share = shares / (QUERIES * ROWS * Metric.values().length);
        System.out.printf("%.2f of the distance, %d times more than all%n", share, beyond);
        assertTrue(beyond <= BEYOND_MAX, () -> beyond + " are nearer");
        assertTrue(share > 0.7, () -> "of the distance: " + share);
    }

    private void check(Metric metric, ChunkedRows rows, float[][] embeddings, Arena arena, Random random) {
        GraphIndex graph = GraphIndex.open(
                GraphBuilder.build(
                        rows, ROWS, metric, GraphParameters.DEFAULT, BuildWorkers.ONE, BuildProgress.NONE, arena),
                rows,
                ROWS,
                metric);
        RowNodes nodes = RowNodes.of(graph.image(), graph.layout(), metric, rows, arena);
        RowSketches sketches = RowSketches.of(graph.image(), graph.layout(), nodes, arena);
        ByteQuery byteQuery = new ByteQuery(graph.image(), graph.layout(), graph.space());
        SketchQuery query = new SketchQuery(sketches);
        for (int i = 0; i < QUERIES; i++) {
            byteQuery.ask(embeddings[random.nextInt(ROWS)]);
            query.ask(byteQuery.inCodeSpace());
            compare(graph.space(), query, byteQuery, rows);
        }
    }

    private void compare(CodeSpace space, SketchQuery query, ByteQuery byteQuery, ChunkedRows rows) {
        float[] least = new float[ROWS];
        query.compare(IntStream.range(0, ROWS).toArray(), ROWS, byteQuery, query.deviations(), least);
        float[] row = new float[space.codeDimension()];
        for (int i = 0; i < ROWS; i++) {
            space.project(rows, i, row);
            double distance = distance(row, byteQuery.inCodeSpace());
            beyond += least[i] > distance ? 1 : 0;
            shares += distance > 0 ? Math.max(0, least[i]) / distance : 1;
        }
    }

    private static double distance(float[] one, float[] other) {
        double sum = 0;
        for (int i = 0; i < one.length; i++) {
            double difference = one[i] - other[i];
            sum += difference * difference;
        }
        return Math.sqrt(sum);
    }
}

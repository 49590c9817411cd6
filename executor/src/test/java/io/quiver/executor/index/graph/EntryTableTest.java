package io.quiver.executor.index.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.executor.index.Metric;
import io.quiver.executor.index.Seeds;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Wherever the rows lie, a search finds entries among the groups of the nearest heads. */
class EntryTableTest {
    private static final int DIMENSION = 32;
    private static final int CLUSTERS = 200;
    private static final int ROWS = 8_000;
    private static final int NEAREST_HEADS = 6;

    @Test
    void everyClusterHasEntriesWhereItIsLookedForThoughNodesAreSortedByPlace() {
        Random random = Seeds.random("everyClusterHasEntriesWhereItIsLookedForThoughNodesAreSortedByPlace");
        float[][] centers = Seeds.embeddings(random, CLUSTERS, DIMENSION);
        float[][] rows = new float[ROWS][];
        Arrays.setAll(rows, row -> near(centers[row % CLUSTERS], random));
        try (Arena arena = Arena.ofShared()) {
            Part part = new Part(rows, Metric.SQUARED_L2, arena);
            assertEquals(List.of(), forsaken(part.fresh()), "built");
            int[] allLive = IntStream.range(0, ROWS).toArray();
            GraphIndex joined = part.open(part.join(List.of(new OlderGraph(part.fresh(), allLive)), BuildWorkers.ONE)
                    .orElseThrow());
            assertEquals(List.of(), forsaken(joined), "joined");
        }
    }

    /** No head is near then, and none may be taken for one. */
    @Test
    void aQueryWhoseDistancesAreNoNumbersIsSearchedFor() {
        Random random = Seeds.random("aQueryWhoseDistancesAreNoNumbersIsSearchedFor");
        try (Arena arena = Arena.ofShared()) {
            Part part = new Part(Seeds.embeddings(random, ROWS, DIMENSION), Metric.SQUARED_L2, arena);
            float[] far = new float[DIMENSION];
            Arrays.fill(far, 1e30f);
            assertEquals(1, part.find(part.fresh(), 100, far).size());
        }
    }

    private static float[] near(float[] center, Random random) {
        float[] embedding = Seeds.embedding(random, DIMENSION);
        for (int i = 0; i < DIMENSION; i++) {
            embedding[i] = 8 * center[i] + embedding[i];
        }
        return embedding;
    }

    /** Clusters none of whose sampled nodes is in the group of a head that is one of its nearest. */
    private static List<Integer> forsaken(GraphIndex graph) {
        GraphLayout layout = graph.layout();
        int headBlocks = EntryTable.headBlocks(layout.entryBlocks());
        assertTrue(headBlocks > 0, "a table of two levels");
        int[] heads = entries(graph, 0, headBlocks);
        boolean[] isFound = new boolean[CLUSTERS];
        for (int head = 0; head < heads.length; head++) {
            for (int node : entries(graph, headBlocks + head, headBlocks + head + 1)) {
                isFound[layout.segmentRow(graph.image(), node) % CLUSTERS] |=
                        rank(graph, node, heads, head) < NEAREST_HEADS;
            }
        }
        return IntStream.range(0, CLUSTERS)
                .filter(cluster -> !isFound[cluster])
                .boxed()
                .toList();
    }

    private static int[] entries(GraphIndex graph, int fromBlock, int toBlock) {
        return IntStream.range(fromBlock * GraphLayout.DEGREE, toBlock * GraphLayout.DEGREE)
                .map(i -> graph.layout().entryNode(graph.image(), i / GraphLayout.DEGREE, i % GraphLayout.DEGREE))
                .toArray();
    }

    /** How many heads are nearer to a node than that one. */
    private static long rank(GraphIndex graph, int node, int[] heads, int head) {
        float[] distances = new float[heads.length];
        new NodeDistances(graph.image(), graph.layout()).measure(node, heads, heads.length, distances);
        return IntStream.range(0, heads.length)
                .filter(other -> distances[other] < distances[head])
                .count();
    }
}

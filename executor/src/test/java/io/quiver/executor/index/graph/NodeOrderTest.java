package io.quiver.executor.index.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.executor.index.Metric;
import io.quiver.executor.index.Seeds;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is done to every graph when its links are complete. */
class NodeOrderTest {
    private static final int ROWS = 3_000;

    private final Random random = Seeds.random("NodeOrderTest");

    @Test
    void nodesStandNearSomeOfTheirNeighbors() {
        try (Arena arena = Arena.ofShared()) {
            GraphIndex graph = new Part(Seeds.embeddings(random, ROWS, 16), Metric.SQUARED_L2, arena).fresh();
            graph.verify();
            long followed = IntStream.range(0, ROWS - 1)
                    .filter(node -> names(graph, node, node + 1))
                    .count();
            assertTrue(followed > ROWS / 2, followed + " nodes are followed by a neighbour");
        }
    }

    private static boolean names(GraphIndex graph, int node, int other) {
        return IntStream.range(0, GraphLayout.DEGREE)
                .anyMatch(slot -> graph.layout().neighbor(graph.image(), node, slot) == other);
    }

    @Test
    void everyRowFindsItself() {
        try (Arena arena = Arena.ofShared()) {
            Part part = new Part(Seeds.embeddings(random, ROWS, 16), Metric.SQUARED_L2, arena);
            assertEquals(List.of(), part.lost(part.fresh()));
        }
    }
}

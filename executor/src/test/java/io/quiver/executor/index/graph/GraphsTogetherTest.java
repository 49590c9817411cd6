package io.quiver.executor.index.graph;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.executor.index.Metric;
import io.quiver.executor.index.NearestRows;
import io.quiver.executor.index.RowRange;
import io.quiver.executor.index.RowSearch;
import io.quiver.executor.index.Seeds;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Several graphs searched one after the other, each told what the others have found: as good as each alone, in fewer
 * steps.
 */
class GraphsTogetherTest {
    private static final int GRAPHS = 6;
    private static final int ROWS = 2_500;
    private static final int QUERIES = 60;

    private final Random random = Seeds.random("GraphsTogetherTest");
    private final Arena arena = Arena.ofShared();

    @AfterEach
    void freeMemory() {
        arena.close();
    }

    /** What a search of all graphs came to. */
    private record Outcome(double recall, double steps) {}

    @ParameterizedTest
    @CsvSource({
        "SQUARED_L2, 100, false",
        "SQUARED_L2, 100, true",
        "SQUARED_L2, 10, false",
        "SQUARED_L2, 10, true",
        "COSINE, 100, false",
        "COSINE, 100, true",
        "INNER_PRODUCT, 100, false",
        "INNER_PRODUCT, 100, true"
    })
    void findAsMuchInFewerSteps(Metric metric, int k, boolean isSorted) {
        ClusteredRows source = new ClusteredRows(random, 64);
        List<Part> parts = parts(source.draw(GRAPHS * ROWS), metric, isSorted);
        List<GraphIndex> graphs = parts.stream().map(Part::fresh).toList();
        float[][] queries = source.draw(QUERIES);
        int ef = 100 * (int) Math.sqrt(k / 10.0);
        Outcome alone = search(parts, graphs, queries, k, ef, false);
        Outcome together = search(parts, graphs, queries, k, ef, true);
        System.out.printf("%s k %d, sorted %b: alone %s, together %s%n", metric, k, isSorted, alone, together);
        assertTrue(together.recall >= alone.recall - 0.01, "recall " + together);
        assertTrue(together.steps <= alone.steps, "steps " + together);
    }

    /** @param isSorted whether the neighbours of a row are mostly in its own part */
    private List<Part> parts(float[][] embeddings, Metric metric, boolean isSorted) {
        float[][] rows = embeddings.clone();
        if (isSorted) {
            Arrays.sort(rows, (left, right) -> Float.compare(left[0], right[0]));
        }
        List<Part> parts = new ArrayList<>();
        for (int i = 0; i < GRAPHS; i++) {
            parts.add(new Part(Arrays.copyOfRange(rows, i * ROWS, (i + 1) * ROWS), metric, arena));
        }
        return parts;
    }

    private static Outcome search(
            List<Part> parts, List<GraphIndex> graphs, float[][] queries, int k, int ef, boolean isTogether) {
        long right = 0;
        long steps = 0;
        for (float[] query : queries) {
            float[] found = {};
            float[] nearest = {};
            for (int i = 0; i < parts.size(); i++) {
                RowSearch search = Part.search(query, k, ef, isTogether ? found : new float[] {});
                graphs.get(i).search(List.of(search), new RowRange(0, ROWS));
                found = merged(found, search.hits(), k);
                nearest = merged(nearest, parts.get(i).nearest(query, k), k);
                steps += search.work().distances();
            }
            for (float distance : found) {
                right += distance <= nearest[k - 1] ? 1 : 0;
            }
        }
        return new Outcome((double) right / (queries.length * k), (double) steps / queries.length);
    }

    private static float[] merged(float[] distances, NearestRows hits, int k) {
        hits.sort();
        float[] all = Arrays.copyOf(distances, distances.length + hits.size());
        for (int i = 0; i < hits.size(); i++) {
            all[distances.length + i] = hits.distance(i);
        }
        Arrays.sort(all);
        return Arrays.copyOf(all, Math.min(k, all.length));
    }
}

package io.quiver.executor.index.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.executor.index.Metric;
import io.quiver.executor.index.NearestRows;
import io.quiver.executor.index.RowRange;
import io.quiver.executor.index.RowSearch;
import io.quiver.executor.index.Seeds;
import io.quiver.executor.index.VectorIndex;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * A row that asks as if it had never come is at least as hard a question as one from outside, and not much harder: the
 * graph lacks a node where it asks. Only left out of the hits it would be easier.
 */
class AbsentRowTest {
    private static final int ROWS = 6_000;
    private static final int DIMENSION = 28;
    private static final int QUESTIONS = 500;

    private final Random random = Seeds.random("AbsentRowTest");
    private final Arena arena = Arena.ofShared();
    private final Part part = new Part(scattered(ROWS), Metric.SQUARED_L2, arena);
    private final float[][] rows = Arrays.copyOf(part.embeddings, QUESTIONS);

    @AfterEach
    void freeMemory() {
        arena.close();
    }

    @Test
    void isAsHardAQuestionAsAStrangerToAGraphOfRows() {
        compare(part.fresh(), 10);
    }

    /** Its beam is never narrower than what is rescored. */
    @Test
    void isAsHardAQuestionAsAStrangerToACompactGraph() {
        compare(part.compact(), 25);
    }

    private void compare(VectorIndex graph, int ef) {
        double strangers = recall(graph, ef, scattered(QUESTIONS), (search, _) -> search);
        double absent = recall(graph, ef, rows, RowSearch::without);
        double leftOut = recall(graph, ef, rows, AbsentRowTest::leftOut);
        System.out.printf("strangers %.3f, absent %.3f, left out %.3f%n", strangers, absent, leftOut);
        assertTrue(absent < strangers + 0.03, "too easy: %.3f of %.3f".formatted(absent, strangers));
        assertTrue(absent > strangers - 0.12, "too hard: %.3f of %.3f".formatted(absent, strangers));
        assertTrue(leftOut > absent + 0.08, "no easier if left out: %.3f of %.3f".formatted(leftOut, absent));
    }

    @Test
    void isNoHit() {
        for (VectorIndex index : List.of(part.fresh(), part.compact(), part.exact())) {
            List<RowSearch> found = searches(100, rows, RowSearch::without, index);
            for (int row = 0; row < rows.length; row++) {
                int asked = row;
                NearestRows hits = found.get(row).hits();
                assertEquals(Part.K, hits.size());
                assertFalse(IntStream.range(0, hits.size()).anyMatch(hit -> hits.row(hit) == asked));
            }
        }
    }

    private static RowSearch leftOut(RowSearch search, int row) {
        return new RowSearch(search.query(), null, other -> other != row, search.hits(), () -> false, search.ef());
    }

    private double recall(VectorIndex graph, int ef, float[][] asked, BiFunction<RowSearch, Integer, RowSearch> way) {
        List<RowSearch> found = searches(ef, asked, way, graph);
        List<RowSearch> nearest = searches(RowSearch.EXACT, asked, way, part.exact());
        return IntStream.range(0, asked.length)
                        .mapToDouble(i ->
                                Part.right(found.get(i).hits(), nearest.get(i).hits()))
                        .average()
                        .orElseThrow()
                / Part.K;
    }

    private List<RowSearch> searches(
            int ef, float[][] asked, BiFunction<RowSearch, Integer, RowSearch> way, VectorIndex index) {
        List<RowSearch> plain = Part.searches(ef, asked);
        List<RowSearch> searches = IntStream.range(0, asked.length)
                .mapToObj(row -> way.apply(plain.get(row), row))
                .toList();
        index.search(searches, new RowRange(0, ROWS));
        searches.forEach(search -> search.hits().sort());
        return searches;
    }

    /** Without any order: nothing but its own node leads to a row. */
    private float[][] scattered(int count) {
        float[][] embeddings = new float[count][DIMENSION];
        for (float[] embedding : embeddings) {
            for (int i = 0; i < DIMENSION; i++) {
                embedding[i] = (float) random.nextGaussian();
            }
        }
        return embeddings;
    }
}

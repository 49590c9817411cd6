package io.quiver.executor.index;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StandingQueriesTest {
    private static final int TRIALS = 40;

    /** Every query is told of every record within its bound, at the distance that a search with it would find. */
    @ParameterizedTest
    @EnumSource(Metric.class)
    void tellsOfWhatASearchWouldFind(Metric metric) {
        Random random = Seeds.random("tellsOfWhatASearchWouldFind " + metric);
        for (int trial = 0; trial < TRIALS; trial++) {
            int dimension = 1 + random.nextInt(150);
            float[][] records = Seeds.embeddings(random, 1 + random.nextInt(20), dimension);
            float[][] queries = Seeds.embeddings(random, 1 + random.nextInt(600), dimension);
            exaggerate(random, records);
            exaggerate(random, queries);
            try (Arena arena = Arena.ofConfined()) {
                var rows = new ChunkedRows(arena, records, dimension, 64, 0);
                assertTells(random, new FlatIndex(metric, rows), arena, records, queries);
            }
        }
    }

    /** Some embeddings have no length, or one that single precision cannot square. */
    private static void exaggerate(Random random, float[][] embeddings) {
        for (int i = 0; i < embeddings.length / 10; i++) {
            float factor = random.nextBoolean() ? 0 : 1e25f;
            float[] embedding = embeddings[random.nextInt(embeddings.length)];
            for (int j = 0; j < embedding.length; j++) {
                embedding[j] *= factor;
            }
        }
    }

    private static void assertTells(Random random, FlatIndex index, Arena arena, float[][] records, float[][] queries) {
        var standing = new StandingQueries(index.metric(), index.dimension(), arena);
        for (float[] query : queries) {
            standing.add(query);
        }
        Map<String, Float> expected = new TreeMap<>();
        for (int query = 0; query < queries.length; query++) {
            if (query % 7 == 0) {
                standing.remove(query);
                assertEquals(query, standing.add(queries[query]));
            }
            float bound = random.nextInt(5) == 0 ? Float.POSITIVE_INFINITY : random.nextInt(3 * index.dimension());
            standing.bound(query, bound);
            for (Map.Entry<Integer, Float> found : search(index, records.length, queries[query])) {
                assertEquals(found.getValue(), standing.distance(query, records[found.getKey()]));
                if (found.getValue() <= bound) {
                    expected.put(found.getKey() + " " + query, found.getValue());
                }
            }
        }
        Map<String, Float> told = new TreeMap<>();
        standing.scan(List.of(records), (record, query, distance) -> told.put(record + " " + query, distance));
        assertEquals(expected, told);
    }

    private static List<Map.Entry<Integer, Float>> search(FlatIndex index, int count, float[] query) {
        NearestRows hits = new NearestRows(count, row -> row);
        index.search(List.of(new RowSearch(query, null, _ -> true, hits, () -> false)), new RowRange(0, count));
        List<Map.Entry<Integer, Float>> found = new ArrayList<>();
        for (int i = 0; i < hits.size(); i++) {
            found.add(Map.entry(hits.row(i), hits.distance(i)));
        }
        return found;
    }
}

package io.quiver.gateway.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The recall that a server says it has, against what whoever knows all records finds. */
class LiveRecallTest {
    private static final int DIMENSION = 32;
    private static final int ROWS = 3_000;
    private static final int SAMPLES = 100;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** Rows without any order get a graph here, and searches as narrow as they ask for. */
    private static final Map<String, String> FLAGS =
            Map.of("graph.rows-min", "64", "graph.recall-floor", "0.1", "compaction.age-max", "10 ms");

    private final long seed =
            Long.getLong("quiver.seed", ThreadLocalRandom.current().nextLong());
    private final Random random = new Random(seed);
    private final List<float[]> rows =
            Stream.generate(this::embedding).limit(ROWS).toList();

    @TempDir
    Path directory;

    @Test
    void agreesWithTheRecallFoundFromOutside() throws Exception {
        System.out.println("LiveRecallTest -Dquiver.seed=" + seed);
        try (RunningServer server = start("1")) {
            OneCollection collection = loaded(server);
            double right = 0;
            int asked = 0;
            long end = System.nanoTime() + PATIENCE.toNanos();
            while (value(collection, "quiver_recall_samples_total") < SAMPLES) {
                assertTrue(System.nanoTime() < end, "too few samples");
                for (int i = 0; i < 100; i++) {
                    right += recall(collection, embedding());
                    asked++;
                }
            }
            double outside = right / asked;
            double inside = value(collection, "quiver_recall_estimate");
            String both = "%.3f of %d outside, %.3f inside".formatted(outside, asked, inside);
            assertTrue(inside < 0.9, both);
            assertEquals(outside, inside, 0.08, both);
            System.out.println(both);
        }
    }

    @Test
    void whatIsNotSampledIsExpected() throws Exception {
        try (RunningServer server = start("0")) {
            OneCollection collection = loaded(server);
            for (int i = 0; i < 300; i++) {
                recall(collection, embedding());
            }
            assertEquals(0, value(collection, "quiver_recall_samples_total"));
            double expected = value(collection, "quiver_recall_expected");
            assertEquals(expected, value(collection, "quiver_recall_estimate"));
            assertTrue(expected < 1, "expected: " + expected);
        }
    }

    private RunningServer start(String sampleEvery) {
        Map<String, String> flags = new HashMap<>(FLAGS);
        flags.put("search.recall-sample-every", sampleEvery);
        return RunningServer.start(directory, flags);
    }

    /** Has one segment with a graph. */
    private OneCollection loaded(RunningServer server) throws Exception {
        OneCollection collection = OneCollection.create(server.http(), "arrows");
        JsonObject body = new JsonObject()
                .put("ids", IntStream.range(0, ROWS).mapToObj(Integer::toString).toList())
                .put("embeddings", rows.stream().map(LiveRecallTest::json).toList());
        assertEquals(201, collection.post("/add", body.encode()).statusCode());
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (value(collection, "quiver_graph_built_total") == 0) {
            assertTrue(System.nanoTime() < end, "no graph, seed " + seed);
            Thread.sleep(Duration.ofMillis(10)); // a graph is told of by the metrics alone
        }
        return collection;
    }

    /** Of one query with the narrowest beam. */
    private double recall(OneCollection collection, float[] query) throws Exception {
        JsonObject body = new JsonObject()
                .put("query_embeddings", List.of(json(query)))
                .put("n_results", 10)
                .put("ef", 10)
                .put("include", List.of());
        String answer = collection.post("/query", body.encode()).body();
        List<String> ids = new JsonObject(answer)
                .getJsonArray("ids").getJsonArray(0).stream()
                        .map(String.class::cast)
                        .toList();
        Set<String> nearest = nearest(query);
        return ids.stream().filter(nearest::contains).count() / 10.0;
    }

    private Set<String> nearest(float[] query) {
        double[] distances =
                rows.stream().mapToDouble(row -> distance(row, query)).toArray();
        double farthest = Arrays.stream(distances).sorted().skip(9).findFirst().orElseThrow();
        return IntStream.range(0, ROWS)
                .filter(row -> distances[row] <= farthest)
                .mapToObj(Integer::toString)
                .collect(Collectors.toSet());
    }

    private static double distance(float[] row, float[] query) {
        double sum = 0;
        for (int i = 0; i < DIMENSION; i++) {
            sum += ((double) row[i] - query[i]) * ((double) row[i] - query[i]);
        }
        return sum;
    }

    private float[] embedding() {
        float[] embedding = new float[DIMENSION];
        for (int i = 0; i < DIMENSION; i++) {
            embedding[i] = (float) random.nextGaussian();
        }
        return embedding;
    }

    private static JsonArray json(float[] embedding) {
        JsonArray json = new JsonArray();
        for (float value : embedding) {
            json.add(value);
        }
        return json;
    }

    private static double value(OneCollection collection, String metric) throws Exception {
        return collection
                .get("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith(metric + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(metric.length() + 1)))
                .findFirst()
                .orElseThrow();
    }
}

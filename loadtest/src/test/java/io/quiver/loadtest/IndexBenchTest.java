package io.quiver.loadtest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The comparison of indexes from end to end, with every engine, on data so small that nothing can be said of speed. */
class IndexBenchTest {
    @TempDir
    Path directory;

    @Test
    void everyEngineIsBuiltAndFindsWhatExactSearchFinds() throws IOException {
        run("--data", "generated:n=600,d=48,queries=40,clusters=20", "--build-threads", "1,2", "--filters");
        JsonNode data = report().get("data").get(0);
        assertEquals(
                List.of(
                        "quiver",
                        "quiver, 2 threads",
                        "quiver-compact",
                        "jvector-m16",
                        "jvector-m32",
                        "lucene-float",
                        "lucene-int7",
                        "lucene-int4",
                        "lucene-bbq"),
                data.get("builds").findValuesAsText("engine"));
        assertTrue(data.get("same_on_any_threads").asBoolean());
        for (JsonNode search : data.get("searches")) {
            assertTrue(bestRecall(search) > 0.9, search::toString);
        }
        assertEquals(14, data.get("filters").size());
        assertTrue(Files.readString(directory.resolve("generated-600x48-l2-seed1.svg"))
                .contains("<svg"));
    }

    @Test
    void peersFindTheSameByCosine() throws IOException {
        run(
                "--data",
                "generated:n=500,d=32,queries=20,clusters=5,space=cosine",
                "--engines",
                "exact,jvector-m16,lucene-f");
        for (JsonNode search : report().get("data").get(0).get("searches")) {
            assertTrue(bestRecall(search) > 0.95, search::toString);
        }
    }

    @Test
    void churnLosesNoRecall() throws IOException {
        run("--churn", "--generations", "4", "--data", "generated:n=4000,d=64,queries=50,clusters=20");
        JsonNode churn = new ObjectMapper()
                .readTree(directory
                        .resolve("churn-generated-4000x64-l2-seed1.json")
                        .toFile());
        assertEquals(6, churn.get("generations").size());
        assertEquals(40, churn.get("replaced").asInt());
        assertTrue(churn.get("points_lost").asDouble() < 2, churn::toString);
    }

    private static double bestRecall(JsonNode search) {
        List<Double> recalls = new ArrayList<>();
        search.get("points").forEach(point -> recalls.add(point.get("recall").asDouble()));
        return recalls.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
    }

    private JsonNode report() throws IOException {
        return new ObjectMapper().readTree(directory.resolve("index.json").toFile());
    }

    private void run(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--rounds", "1", "--round-seconds", "0.002", "--out", directory.toString()));
        assertEquals(0, new CommandLine(new IndexBench()).execute(all.toArray(String[]::new)));
    }
}

package io.quiver.loadtest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quiver.loadtest.server.ServerProcess;
import io.quiver.loadtest.torture.Torture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The commands against server processes of this installation, on small data. */
class CommandsTest {
    @TempDir
    Path directory;

    @Test
    void theServerBenchFindsEverythingOverBothDoors() throws IOException {
        int exit = new CommandLine(new BenchCommand())
                .execute(
                        "--data", "generated:n=3000,d=32,queries=200",
                        "--connections", "4",
                        "--out", directory.toString());
        assertEquals(0, exit);
        JsonNode report =
                new ObjectMapper().readTree(directory.resolve("report.json").toFile());
        assertEquals(10, report.get("measurements").size());
        for (JsonNode run : report.get("measurements")) {
            assertEquals(0, run.get("errors").asInt(), run::toString);
            if (!run.get("name").asText().contains("load x")) {
                assertEquals(1.0, run.get("recall").asDouble(), run::toString);
            }
        }
        assertTrue(Files.readString(directory.resolve("report.html")).contains("<svg"));
    }

    @Test
    void theHttpBenchMeasuresBesideAnEmptyServer() throws IOException {
        int exit = new CommandLine(new HttpBench())
                .execute(
                        "--data", "generated:n=2000,d=16,queries=100",
                        "--seconds", "0.2",
                        "--warm-up", "0.2",
                        "--turns", "1",
                        "--out", directory.toString());
        assertEquals(0, exit);
        JsonNode report =
                new ObjectMapper().readTree(directory.resolve("report.json").toFile());
        assertEquals(7, report.get("measurements").size());
        for (JsonNode run : report.get("measurements")) {
            assertEquals(0, run.get("errors").asInt(), run::toString);
            assertTrue(run.get("operations").asInt() > 0, run::toString);
        }
        assertEquals("1.0000", report.get("facts").get("recall@10").asText());
    }

    @Test
    void theProtectionBenchIsLetIn() throws IOException {
        int exit = new CommandLine(new ProtectionBench())
                .execute(
                        "--data", "generated:n=1000,d=16,queries=100",
                        "--seconds", "0.2",
                        "--turns", "1",
                        "--out", directory.toString());
        assertEquals(0, exit);
        JsonNode report =
                new ObjectMapper().readTree(directory.resolve("report.json").toFile());
        assertEquals(4, report.get("measurements").size());
        for (JsonNode run : report.get("measurements")) {
            assertEquals(0, run.get("errors").asInt(), run::toString);
            assertTrue(run.get("operations").asInt() > 0, run::toString);
        }
    }

    @Test
    void theDemoEndsWell() throws IOException {
        assertEquals(
                0,
                DemoCommand.of("generated:n=2000,d=16,queries=100,space=cosine").call());
    }

    @Test
    void threeKillsAndTwoPowerCutsBreakNoPromise() throws IOException {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        int cuts = hasCompiler() ? 2 : 0;
        Torture.Outcome outcome =
                new Torture(ServerProcess.root(), directory, 3, cuts, 4, seed, List.of()).run(_ -> {});
        assertEquals(List.of(), outcome.problems(), "seed " + seed);
        assertTrue(outcome.acknowledged() > 0);
        assertEquals(cuts, outcome.cuts());
    }

    /** Power cuts need one; where there is none, kills are what is shown. */
    private static boolean hasCompiler() {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder).resolve("cc")));
    }
}

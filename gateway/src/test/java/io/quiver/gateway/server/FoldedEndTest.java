package io.quiver.gateway.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a process that is told to end leaves to the next start: the collections whose log is short, and no record lost. */
@SuppressWarnings("try") // closing may be interrupted
class FoldedEndTest {
    private static final int MANY = 12_000;
    private static final int FEW = 10;
    private static final int BATCH = 1_000;
    private static final int PATIENCE_SECONDS = 60;

    @TempDir
    Path directory;

    @Test
    void leavesLittleToBeAppliedAgain() throws Exception {
        OneCollection many;
        OneCollection few;
        try (ServedProcess server = new ServedProcess(directory)) {
            many = OneCollection.create(server.http(), "many");
            few = OneCollection.create(server.http(), "few");
            for (int from = 0; from < MANY; from += BATCH) {
                add(many, from, from + BATCH);
            }
            add(few, 0, FEW);
            assertTrue(holds(many, "quiver_delta_rows %d.0".formatted(MANY + FEW)), "all is in the log alone");
            server.process().toHandle().destroy();
            assertTrue(server.process().waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS));
            assertEquals(0, server.process().exitValue());
        }
        try (ServedProcess server = new ServedProcess(directory)) {
            assertTrue(holds(many.at(server.http()), "quiver_delta_rows %d.0".formatted(FEW)), "the log was folded");
            assertEquals(MANY, many.at(server.http()).ids().size());
            assertEquals(FEW, few.at(server.http()).ids().size());
        }
    }

    private static void add(OneCollection collection, int from, int to) throws Exception {
        String ids = IntStream.range(from, to).mapToObj(i -> "\"r" + i + "\"").collect(Collectors.joining(","));
        String embeddings =
                IntStream.range(from, to).mapToObj(i -> "[1,2," + i + "]").collect(Collectors.joining(","));
        String body = "{\"ids\":[" + ids + "],\"embeddings\":[" + embeddings + "]}";
        assertEquals(201, collection.post("/add", body).statusCode());
    }

    private static boolean holds(OneCollection collection, String line) throws Exception {
        return collection.get("/metrics").body().lines().anyMatch(line::equals);
    }
}

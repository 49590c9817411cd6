package io.quiver.gateway.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.gateway.limits.MetricsPage;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/**
 * The clock of a server's process is set an hour ahead and back, again and again, under writes and searches: offsets
 * grow, deadlines and the compactor's timers run on, and a start at another time of day finds everything.
 */
@SuppressWarnings("try") // closing may be interrupted
@EnabledIf("io.quiver.gateway.server.PreloadedLibrary#hasCompiler")
class ClockJumpTest {
    private static final List<Duration> JUMPS = List.of(
            Duration.ofHours(1), Duration.ZERO, Duration.ofHours(-1), Duration.ofHours(1), Duration.ofHours(-1));
    private static final int WRITES = 40;

    /** Beyond any timer of these settings, and far below an hour. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    private final Set<String> acknowledged = new TreeSet<>();
    private PreloadedLibrary library;
    private long newestOffset;

    @BeforeEach
    void compile() throws Exception {
        library = PreloadedLibrary.compile("setclock.c", directory);
    }

    @Test
    void aClockThatIsSetChangesNoOrderAndStopsNoTimer() throws Exception {
        OneCollection clocks;
        try (ServedProcess server = start()) {
            clocks = OneCollection.create(server.http(), "clocks");
            for (Duration jump : JUMPS) {
                library.tell(jump.toNanos());
                assertTimeOfDay(clocks, jump);
                write(clocks);
                awaitCompacted(server.http());
            }
        }
        library.tell(Duration.ofHours(-2).toNanos());
        try (ServedProcess server = start()) {
            OneCollection later = clocks.at(server.http());
            assertEquals(acknowledged, later.ids());
            write(later);
            awaitCompacted(server.http());
        }
        System.out.printf(
                "the clock was set %d times: %d writes in order, each compacted in time, 0 lost%n",
                JUMPS.size() + 1, acknowledged.size());
    }

    private ServedProcess start() throws IOException {
        return new ServedProcess(directory, library.environment(), "compaction.age-max=100 ms");
    }

    /** The clock of the process is what the test has set. */
    private static void assertTimeOfDay(OneCollection clocks, Duration added) throws IOException, InterruptedException {
        String beat = clocks.get("/api/v2/heartbeat").body();
        long nanos = new JsonObject(beat).getLong("nanosecond heartbeat");
        Duration difference = Duration.between(Instant.now(), Instant.ofEpochSecond(0, nanos));
        assertTrue(difference.minus(added).abs().compareTo(PATIENCE) < 0, difference + " instead of " + added);
    }

    /** Each is answered with the next offset, and each search within its deadline. */
    private void write(OneCollection clocks) throws IOException, InterruptedException {
        for (int i = 0; i < WRITES; i++) {
            String id = "r" + acknowledged.size();
            HttpResponse<String> written = clocks.add(id, i);
            assertEquals(201, written.statusCode(), written.body());
            long offset = written.headers().firstValueAsLong("x-quiver-offset").orElseThrow();
            assertTrue(offset > newestOffset, offset + " after " + newestOffset);
            newestOffset = offset;
            acknowledged.add(id);
            HttpResponse<String> found = clocks.nearest();
            assertEquals(200, found.statusCode(), found.body());
        }
    }

    /** Compaction is due by the age of what was written. */
    private static void awaitCompacted(URI server) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (MetricsPage.metric(server, "quiver_delta_rows") > 0) {
            assertTrue(System.nanoTime() < end, "the compactor's timer stands still");
            Thread.onSpinWait();
        }
    }
}

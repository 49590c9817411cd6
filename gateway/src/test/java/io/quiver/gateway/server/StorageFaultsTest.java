package io.quiver.gateway.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.log.storage.SimulatedStorage;
import io.quiver.log.storage.SimulatedStorage.Call;
import io.quiver.log.storage.SimulatedStorage.Fault;
import io.quiver.log.storage.SimulatedStorage.Kind;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The disk fails under a running server, seen over HTTP: writes are refused and never acknowledged and lost, reads go
 * on, and once the fault ends writes go on too, without a restart.
 */
class StorageFaultsTest {
    private static final int UNAVAILABLE = 503;
    private static final int FULL = 507;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Set<Kind> CHANGES =
            Set.of(Kind.WRITE, Kind.FORCE, Kind.CREATE, Kind.RENAME, Kind.RESIZE, Kind.DELETE, Kind.FORCE_DIRECTORY);

    @TempDir
    Path directory;

    private final SimulatedStorage storage = new SimulatedStorage();
    private final Set<String> acknowledged = new TreeSet<>();
    private RunningServer server;
    private OneCollection arrows;
    private int drawn;

    @BeforeEach
    void start() throws Exception {
        server = start(storage);
        arrows = OneCollection.create(server.http(), "arrows");
        assertEquals(201, write());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void aFullDiskRefusesWith507AndHeals() throws Exception {
        storage.fail(
                Fault.FULL, call -> Set.of(Kind.WRITE, Kind.CREATE, Kind.RESIZE).contains(call.kind()));
        for (int i = 0; i < 3; i++) {
            assertEquals(FULL, write());
        }
        assertReadsGoOnAndWritesHeal();
    }

    @Test
    void aFailedForceRefusesWith503AndHealsInAnotherFile() throws Exception {
        storage.fail(Fault.INPUT_OUTPUT, logged(Kind.FORCE));
        assertEquals(UNAVAILABLE, write());
        assertEquals(UNAVAILABLE, write());
        assertTrue(ready().getString("writes_refused").contains("log/"), ready().encode());
        awaitMetric("quiver_writes_refused", value -> value == 1);
        assertReadsGoOnAndWritesHeal();
        awaitMetric("quiver_writes_refused", value -> value == 0);
        assertEquals(null, ready().getString("writes_refused"));
    }

    @Test
    void aDiskThatTakesNothingRefusesWith503AndHeals() throws Exception {
        storage.fail(Fault.INPUT_OUTPUT, call -> CHANGES.contains(call.kind()));
        assertEquals(UNAVAILABLE, write());
        assertReadsGoOnAndWritesHeal();
    }

    @Test
    void segmentsThatCannotBeWrittenKeepNobodyFromWriting() throws Exception {
        storage.fail(
                Fault.INPUT_OUTPUT,
                call -> call.kind() == Kind.WRITE && call.path().startsWith("segments"));
        for (int i = 0; i < 10; i++) {
            assertEquals(201, write());
        }
        awaitMetric("quiver_compaction_failures_total", value -> value > 0);
        storage.heal();
        awaitMetric("quiver_compaction_folds_total", value -> value > 0);
        assertEquals(acknowledged, arrows.ids());
    }

    private void assertReadsGoOnAndWritesHeal() throws Exception {
        assertEquals(acknowledged, arrows.ids());
        assertEquals(200, query());
        storage.heal();
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (write() != 201) {
            assertTrue(System.nanoTime() < end, "writes are still refused");
        }
        for (int i = 0; i < 5; i++) {
            assertEquals(201, write());
        }
        assertEquals(acknowledged, arrows.ids());
        assertSurvivesAPowerCut();
    }

    /** Nothing that was acknowledged rests on a file that had failed. */
    private void assertSurvivesAPowerCut() throws Exception {
        server.close();
        server = start(storage.crash());
        arrows = arrows.at(server.http());
        Set<String> found = arrows.ids();
        assertTrue(found.containsAll(acknowledged), found + " lacks some of " + acknowledged);
        assertFalse(found.size() > acknowledged.size() + 1, found + " has more than one of the refused ones");
        System.out.printf(
                "a disk that failed and healed: %d writes acknowledged, 0 lost; %d refused%n",
                acknowledged.size(), drawn - acknowledged.size());
    }

    private RunningServer start(SimulatedStorage on) {
        return RunningServer.start(directory, Map.of("delta.rows-max", "5"), on);
    }

    private static Predicate<Call> logged(Kind kind) {
        return call -> call.kind() == kind && call.path().startsWith("log/");
    }

    private int write() throws Exception {
        String id = "r" + drawn++;
        int status = arrows.add(id, drawn).statusCode();
        if (status == 201) {
            acknowledged.add(id);
        }
        return status;
    }

    private int query() throws Exception {
        return arrows.nearest().statusCode();
    }

    private void awaitMetric(String name, Predicate<Double> isReached) throws Exception {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!isReached.test(metric(name))) {
            assertTrue(System.nanoTime() < end, name + " is " + metric(name));
            assertEquals(200, query());
        }
    }

    private double metric(String name) throws Exception {
        return arrows.get("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .findFirst()
                .orElse(0);
    }

    private JsonObject ready() throws Exception {
        return new JsonObject(arrows.get("/readyz").body());
    }
}

package io.quiver.gateway.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/**
 * The disk fills up or fails under a server's process, catalog included: what is refused says why, what is acknowledged
 * is there after a kill, reads go on, a full disk takes deletes, and all is well without a restart once the fault ends.
 */
@SuppressWarnings("try") // closing may be interrupted
@EnabledIf("io.quiver.gateway.server.PreloadedLibrary#hasCompiler")
class DiskFaultsTest {
    private static final int NO_SPACE = 28;
    private static final int IO_ERROR = 5;
    private static final int READ_ONLY = 30;
    private static final int ROOM = 1;
    private static final int CHANGES = 2;
    private static final int FORCES = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Fills the log's files with few requests. */
    private static final String LARGE = "x".repeat(900_000);

    private static final int BATCH = 8;
    private static final int LARGE_BATCHES_MAX = 60;

    @TempDir
    Path directory;

    private final Set<String> acknowledged = new TreeSet<>();
    private PreloadedLibrary library;
    private ServedProcess server;
    private OneCollection kept;
    private int drawn;
    private int refused;

    @BeforeEach
    void start() throws Exception {
        library = PreloadedLibrary.compile("diskfaults.c", directory);
        Map<String, String> environment = new HashMap<>(library.environment());
        environment.put("FAULTS_DIRECTORY", directory.resolve("data").toString());
        server = new ServedProcess(directory, environment);
        kept = OneCollection.create(server.http(), "kept");
    }

    @AfterEach
    void kill() throws InterruptedException {
        server.close();
    }

    @Test
    void writesAreRefusedAndHealAndNothingIsLost() throws Exception {
        assertEquals(201, add("small"));
        aFullDisk();
        aDiskThatFails(IO_ERROR, CHANGES);
        aDiskThatFails(READ_ONLY, CHANGES);
        aDiskThatFails(IO_ERROR, FORCES);
        server.close();
        try (ServedProcess next = new ServedProcess(directory)) {
            Set<String> found = kept.at(next.http()).ids();
            assertTrue(found.containsAll(acknowledged), "some are lost");
            assertTrue(found.size() <= acknowledged.size() + refused, "there is more than was ever sent");
        }
        System.out.printf("faults of the disk, from outside: %d writes refused, 0 lost%n", refused);
        SoundDirectory.require(directory.resolve("data"));
    }

    private void aFullDisk() throws Exception {
        library.tell(NO_SPACE, ROOM);
        int status = 201;
        for (int i = 0; status == 201 && i < LARGE_BATCHES_MAX; i++) {
            status = add(LARGE);
        }
        assertEquals(507, status);
        assertEquals(507, kept.createAnother("refused-full").statusCode());
        assertReads();
        delete(acknowledged.iterator().next());
        heal();
    }

    private void aDiskThatFails(int error, int which) throws Exception {
        library.tell(error, which);
        assertEquals(503, add("small"));
        assertEquals(503, add("small"));
        assertEquals(503, kept.createAnother("refused-" + error + "-" + which).statusCode());
        assertReads();
        heal();
    }

    private void assertReads() throws Exception {
        assertTrue(kept.ids().containsAll(acknowledged));
        assertEquals(200, kept.nearest().statusCode());
    }

    private void heal() throws Exception {
        library.tell(0, 0);
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (add("small") != 201 || kept.createAnother("healed-" + drawn).statusCode() != 200) {
            assertTrue(System.nanoTime() < end, "writes are still refused");
        }
    }

    /** Adds a batch; returns the status. */
    private int add(String document) throws Exception {
        StringBuilder ids = new StringBuilder();
        StringBuilder embeddings = new StringBuilder();
        StringBuilder documents = new StringBuilder();
        Set<String> added = new TreeSet<>();
        for (int i = 0; i < BATCH; i++) {
            String comma = i == 0 ? "" : ",";
            String id = "r" + drawn++;
            added.add(id);
            ids.append(comma).append('"').append(id).append('"');
            embeddings.append(comma).append("[1,2,").append(i).append(']');
            documents.append(comma).append('"').append(document).append('"');
        }
        int status = kept.post(
                        "/add",
                        "{\"ids\":[%s],\"embeddings\":[%s],\"documents\":[%s]}".formatted(ids, embeddings, documents))
                .statusCode();
        if (status == 201) {
            acknowledged.addAll(added);
        } else {
            refused += BATCH;
        }
        return status;
    }

    private void delete(String id) throws Exception {
        HttpResponse<String> deleted = kept.post("/delete", "{\"ids\":[\"%s\"]}".formatted(id));
        assertEquals(200, deleted.statusCode(), deleted.body());
        acknowledged.remove(id);
        assertTrue(!kept.ids().contains(id), id + " is still there");
    }
}

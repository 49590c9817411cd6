package io.quiver.gateway.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.log.catalog.BrokenFile;
import io.quiver.log.catalog.Collection;
import io.quiver.log.catalog.SqliteCatalog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/**
 * The disk fails under the catalog of a server's process, in the middle of a change, and again after each call by which
 * the catalog heals: as the files lie there a start finds all that was acknowledged, and the process goes on without
 * one when the fault ends.
 *
 * <p>Looks at a sample of the calls, with a printed seed; {@code -Dquiver.faults=1000} looks at more.
 */
@SuppressWarnings("try") // closing may be interrupted
@EnabledIf("io.quiver.gateway.server.PreloadedLibrary#hasCompiler")
class CatalogFaultsTest {
    private static final int IO_ERROR = 5;
    private static final int CHANGES = 2;
    private static final int LATER = 5;
    private static final int NAMES = 6;

    /** Where the library counts the calls that still succeed. */
    private static final int LEFT = 2;

    private static final int FAULTS = Integer.getInteger("quiver.faults", 12);
    private static final int MANY_CALLS = 100_000;
    private static final int CALLS_OF_A_CHANGE = 40;

    private static final Duration HEAL_EVERY = Duration.ofMillis(250);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    private final long seed = Long.getLong("quiver.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final Set<String> acknowledged = new TreeSet<>();
    private final Set<String> doubtful = new TreeSet<>();
    private Path data;
    private PreloadedLibrary library;
    private ServedProcess server;
    private OneCollection kept;
    private int drawn;

    @BeforeEach
    void start() throws Exception {
        System.out.printf("seed %d%n", seed);
        data = directory.resolve("data");
        library = PreloadedLibrary.compile("diskfaults.c", directory);
        Map<String, String> environment = new HashMap<>(library.environment());
        environment.put("FAULTS_DIRECTORY", data.toString());
        server = new ServedProcess(directory, environment);
        kept = OneCollection.create(server.http(), "kept");
        acknowledged.add("kept");
    }

    @AfterEach
    void kill() throws InterruptedException {
        server.close();
    }

    @Test
    void whereverHealingStopsNothingIsLost() throws Exception {
        int calls = callsOfHealing(LATER);
        int names = callsOfHealing(NAMES);
        for (int i = 0; i < FAULTS; i++) {
            begin(i % 3);
            failWithin(random.nextInt(CALLS_OF_A_CHANGE));
            String what = "seed %d, fault %d".formatted(seed, i);
            assertFound(what + ", in a change");
            boolean isOfNames = random.nextBoolean();
            int until = random.nextInt(isOfNames ? names : calls);
            Thread.sleep(HEAL_EVERY); // the catalog tries no more often, and the next try is to meet the fault
            library.tell(IO_ERROR, isOfNames ? NAMES : LATER, until);
            create();
            assertFound("%s, healing until call %d (%s)".formatted(what, until, isOfNames ? "of names" : "of any"));
            heal();
            assertFound(what + ", healed");
        }
        server.close();
        SoundDirectory.require(data);
        System.out.printf(
                "a disk that failed at %d of %d calls of healing a catalog, %d of them of names: nothing lost%n",
                FAULTS, calls, names);
    }

    private int callsOfHealing(int kind) throws Exception {
        failWithin(0);
        Thread.sleep(HEAL_EVERY); // the catalog tries no more often, and the next try is to be counted
        library.tell(IO_ERROR, kind, MANY_CALLS);
        assertEquals(200, create());
        return (int) (MANY_CALLS - library.told(LEFT));
    }

    /** Both files are sound, or the first alone is there, or the second alone is sound. */
    private void begin(int kind) throws Exception {
        if (kind == 1) {
            BrokenFile.SECOND.makeIn(data);
            BrokenFile.SECOND.mendIn(data);
            assertEquals(200, create());
            assertTrue(Files.notExists(data.resolve("catalog-copy.db")));
        } else if (kind == 2) {
            BrokenFile.FIRST.makeIn(data);
        }
    }

    /** Leaves the catalog so that it must heal. */
    private void failWithin(int calls) throws Exception {
        library.tell(IO_ERROR, LATER, calls);
        if (create() == 200) {
            library.tell(IO_ERROR, CHANGES);
            assertEquals(503, create());
        }
    }

    private void heal() throws Exception {
        library.tell(0, 0);
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (create() != 200) {
            assertTrue(System.nanoTime() < end, "the catalog does not heal");
        }
    }

    private int create() throws Exception {
        String name = "collection-" + drawn++;
        int status = kept.createAnother(name).statusCode();
        (status == 200 ? acknowledged : doubtful).add(name);
        return status;
    }

    /** What a start would find if the process ended now, in both files and in the second alone. */
    private void assertFound(String where) throws IOException {
        Path left = Files.createTempDirectory(directory, "left");
        try (Stream<Path> files = Files.list(data)) {
            for (Path file : files.filter(CatalogFaultsTest::isOfTheCatalog).toList()) {
                Files.copy(file, left.resolve(file.getFileName()));
            }
        }
        Set<String> found = collections(left);
        assertTrue(
                found.containsAll(acknowledged), () -> "%s: %s is not all of %s".formatted(where, found, acknowledged));
        found.removeAll(acknowledged);
        assertTrue(doubtful.containsAll(found), where + ": nobody ever made " + found);
        Files.delete(left.resolve("catalog.db"));
        assertTrue(collections(left).containsAll(acknowledged), where + ", the second file");
    }

    /** Without what SQLite shares among its connections. */
    private static boolean isOfTheCatalog(Path file) {
        String name = String.valueOf(file.getFileName());
        return name.startsWith("catalog") && !name.endsWith("-shm");
    }

    private static Set<String> collections(Path left) throws IOException {
        try (SqliteCatalog catalog = SqliteCatalog.open(left)) {
            List<Collection> all =
                    Objects.requireNonNull(catalog.allCollections().block());
            return all.stream().map(Collection::name).collect(Collectors.toCollection(TreeSet::new));
        }
    }
}

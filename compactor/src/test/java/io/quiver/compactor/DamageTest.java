package io.quiver.compactor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.executor.ExecutorFixture;
import io.quiver.executor.query.Hits;
import io.quiver.log.catalog.Space;
import io.quiver.log.record.CollectionId;
import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.Operation;
import io.quiver.log.record.QuiverException;
import io.quiver.log.storage.SimulatedStorage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableSet;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each kind of file of a collection is damaged: the collection is stopped with a reason or answers as before, and
 * another one answers as before in any case.
 *
 * <p>Flips and cuts a sample of the bytes, with a printed seed; {@code -Dquiver.damages=1000} more of each file.
 */
class DamageTest {
    private static final int DAMAGES = Integer.getInteger("quiver.damages", 2);
    private static final int ROWS = 150;
    private static final int PAGE_BYTES = 4096;

    @TempDir
    Path directory;

    private final long seed = Long.getLong("quiver.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final SimulatedStorage storage = new SimulatedStorage();
    private CollectionId damaged;
    private CollectionId sound;
    private List<Hits> answers;

    DamageTest() {
        System.out.printf("seed %d%n", seed);
    }

    /**
     * Two collections, each with two segments, one of them with tombstones and a graph, and an entry that is in the log
     * alone.
     */
    @BeforeEach
    void write() throws IOException {
        try (CompactorFixture system =
                CompactorFixture.openWithGraphs(storage, directory, ExecutorFixture.smallDeltas(10_000))) {
            damaged = system.quiver.create("damaged", Space.COSINE);
            sound = system.quiver.create("sound", Space.COSINE);
            for (CollectionId id : List.of(damaged, sound)) {
                system.quiver.write(id, rows("a", ROWS));
                system.compact(id);
                system.awaitGraphs();
                system.quiver.write(id, ExecutorFixture.delete("a7"), ExecutorFixture.upsert("late", 1, 2, 3));
                system.compact(id);
            }
            system.quiver.write(damaged, ExecutorFixture.upsert("log-1", 4, 5, 6));
            system.quiver.write(sound, ExecutorFixture.upsert("log-2", 4, 5, 6));
            answers = List.of(all(system.quiver, damaged), all(system.quiver, sound));
        }
    }

    @Test
    void flippedBytesOfAnyFileAreFoundOrDoNotMatter() throws IOException {
        int stopped = 0;
        for (String file : files()) {
            byte[] intact = storage.bytes(file);
            int stoppedHere = 0;
            for (int at : places(intact.length)) {
                byte[] bytes = intact.clone();
                bytes[at] ^= (byte) (1 << random.nextInt(8));
                stoppedHere += isStoppedBy(file, bytes, "byte " + at) ? 1 : 0;
            }
            assertTrue(stoppedHere > 0 || !matters(file), file + " was damaged and nothing was found");
            stopped += stoppedHere;
        }
        System.out.printf("flipped bytes stopped the collection %d times%n", stopped);
    }

    @Test
    void filesCutAtAnyLengthAreFoundOrDoNotMatter() throws IOException {
        for (String file : files()) {
            byte[] intact = storage.bytes(file);
            for (int length : places(intact.length)) {
                boolean isStopped = isStoppedBy(file, Arrays.copyOf(intact, length), "cut to " + length);
                assertTrue(isStopped || !matters(file), file + " was cut to " + length + " and nothing was found");
            }
        }
    }

    @Test
    void missingFilesAreFoundOrDoNotMatter() throws IOException {
        for (String file : files()) {
            SimulatedStorage copy = storage.copy();
            copy.delete(file);
            assertTrue(isStopped(copy, file + " is missing") || !matters(file), file);
        }
    }

    @Test
    void aDamagedEntryOfTheLogStopsItsCollectionAlone() throws IOException {
        String file = "log/0000000000000001.log";
        byte[] bytes = storage.bytes(file);
        int at = indexOf(bytes, "log-1");
        bytes[at] ^= 1;
        SimulatedStorage copy = storage.copy();
        copy.overwrite(file, bytes);
        assertTrue(isStopped(copy, "an entry of the log"));
    }

    @Test
    void theScrubberFindsWhatWasDamagedWhileTheServerRan() throws Exception {
        String file = files().stream()
                .filter(name -> name.endsWith("vectors.qv"))
                .max(Comparator.comparingInt(name -> storage.bytes(name).length))
                .orElseThrow();
        byte[] bytes = storage.bytes(file);
        bytes[bytes.length / 2] ^= 1;
        storage.overwrite(file, bytes);
        var unread = ExecutorFixture.smallDeltas(10_000).withVerifiedBytesMax(0);
        try (CompactorFixture system = CompactorFixture.openWithGraphs(storage, directory, unread)) {
            ExecutorFixture quiver = system.quiver.caughtUp();
            assertTrue(quiver.executor.damaged().isEmpty());
            assertEquals(1, system.scrub().damaged());
            assertEquals(List.of(damaged), List.copyOf(quiver.executor.damaged().keySet()));
            assertEquals(answers.getLast(), all(quiver, sound));
        }
    }

    @Test
    void whatIsDamagedIsNotWrittenAgainAsIfItWereSound() throws IOException {
        for (String file : files()) {
            if (file.endsWith("vectors.qv")) {
                byte[] bytes = storage.bytes(file);
                bytes[bytes.length / 2] ^= 1;
                storage.overwrite(file, bytes);
            }
        }
        var unread = ExecutorFixture.smallDeltas(10_000).withVerifiedBytesMax(0);
        try (CompactorFixture system = CompactorFixture.openWithGraphs(storage, directory, unread)) {
            system.quiver.caughtUp();
            for (int i = 0; i < 5; i++) {
                if (system.quiver.executor.damaged().isEmpty()) {
                    system.quiver.write(damaged, rows("more-" + i, 20));
                    compactIfSound(system);
                }
            }
            assertEquals(
                    List.of(damaged),
                    List.copyOf(system.quiver.executor.damaged().keySet()));
        }
    }

    private void compactIfSound(CompactorFixture system) {
        try {
            system.compact(damaged);
        } catch (RuntimeException found) {
            assertTrue(String.valueOf(found.getMessage()).contains("checksum"), found.toString());
        }
    }

    private boolean isStoppedBy(String file, byte[] bytes, String how) throws IOException {
        SimulatedStorage copy = storage.copy();
        copy.overwrite(file, bytes);
        return isStopped(copy, "seed %d, %s, %s".formatted(seed, file, how));
    }

    /** Whether the collection is stopped; otherwise it answers as before, as the other one does in any case. */
    private boolean isStopped(SimulatedStorage copy, String where) throws IOException {
        try (ExecutorFixture quiver = ExecutorFixture.open(copy, directory, ExecutorFixture.smallDeltas(10_000))
                .caughtUp()) {
            assertEquals(answers.getLast(), all(quiver, sound), where);
            if (quiver.executor.damaged().isEmpty()) {
                assertEquals(answers.getFirst(), all(quiver, damaged), where);
                return false;
            }
            assertEquals(List.of(damaged), List.copyOf(quiver.executor.damaged().keySet()), where);
            var refusal = assertThrows(QuiverException.class, () -> all(quiver, damaged), where);
            assertEquals(ErrorCode.UNAVAILABLE, refusal.code(), where);
            return true;
        }
    }

    /** Graphs are for speed, and calibrations too; the name of Lucene's lock holds nothing. */
    private static boolean matters(String file) {
        return !file.endsWith(".qg") && !file.endsWith(".qc") && !file.endsWith(".lock");
    }

    private List<String> files() throws IOException {
        List<String> files = new ArrayList<>();
        addFiles("segments/" + damaged, files);
        return files;
    }

    private void addFiles(String path, List<String> files) throws IOException {
        for (String name : storage.list(path)) {
            String child = path + "/" + name;
            if (storage.list(child).isEmpty()) {
                files.add(child);
            } else {
                addFiles(child, files);
            }
        }
    }

    /** In the header, in the first page, in the checksums at the end, and some at random. */
    private NavigableSet<Integer> places(int length) {
        NavigableSet<Integer> places = new TreeSet<>(List.of(9, PAGE_BYTES, length - 1));
        random.ints(DAMAGES, 0, length).forEach(places::add);
        places.removeIf(place -> place < 0 || place >= length);
        return places;
    }

    private static Hits all(ExecutorFixture quiver, CollectionId id) {
        return quiver.one(ExecutorFixture.scan(id));
    }

    private static List<Operation> rows(String prefix, int count) {
        List<Operation> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            rows.add(ExecutorFixture.upsert(prefix + i, 1 + i, 2, 3));
        }
        return rows;
    }

    static int indexOf(byte[] bytes, String text) {
        return new String(bytes, StandardCharsets.ISO_8859_1).indexOf(text);
    }
}

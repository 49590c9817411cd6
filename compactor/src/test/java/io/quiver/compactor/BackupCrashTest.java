package io.quiver.compactor;

import static io.quiver.executor.ExecutorFixture.upsert;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.compactor.backup.BackupKind;
import io.quiver.compactor.backup.BackupManifest;
import io.quiver.compactor.backup.Backups;
import io.quiver.compactor.backup.Progress;
import io.quiver.executor.ExecutorFixture;
import io.quiver.log.record.CollectionId;
import io.quiver.log.storage.SimulatedStorage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The power of the backups' disk goes at some call, or the disk is full from then on, while a second backup is made.
 * The first one is whole afterwards, the second one whole or not there, and the next one succeeds.
 *
 * <p>Runs a sample of the calls, with a printed seed; {@code -Dquiver.crashes=100000} runs them all.
 */
class BackupCrashTest {
    private static final int CRASHES = Integer.getInteger("quiver.crashes", 40);

    @TempDir
    Path directory;

    private final long seed = Long.getLong("quiver.seed", System.nanoTime());
    private final SimulatedStorage first = new SimulatedStorage();
    private CompactorFixture system;
    private BackupManifest earlier;

    @BeforeEach
    void backUpOnceAndWriteMore() throws IOException {
        System.out.printf("seed %d%n", seed);
        system = CompactorFixture.open(directory, ExecutorFixture.smallDeltas(50));
        CollectionId arrows = system.quiver.create("arrows");
        write(arrows, 0);
        system.compact(arrows);
        earlier = take(Backups.in(first));
        write(arrows, 100);
        system.compact(arrows);
        write(arrows, 200);
    }

    private void write(CollectionId arrows, int from) {
        for (int i = from; i < from + 30; i++) {
            system.quiver.write(arrows, upsert("r" + i, i, 1));
        }
    }

    @AfterEach
    void close() {
        system.close();
    }

    @Test
    void theEarlierBackupsSurviveAPowerCutAtAnyCall() throws IOException {
        long calls = callsOfAWholeBackup();
        long stride = Math.max(1, calls / CRASHES);
        int cuts = 0;
        for (long call = 1 + Math.floorMod(seed, stride); call <= calls; call += stride) {
            SimulatedStorage storage = first.copy();
            storage.powerOffAt(call);
            assertFails(storage);
            verify(storage.crash(seed + call), "seed %d, power cut at call %d of %d".formatted(seed, call, calls));
            cuts++;
        }
        System.out.printf("%d power cuts in a backup of %d calls: 0 backups lost%n", cuts, calls);
    }

    @Test
    void theEarlierBackupsSurviveADiskThatIsFull() throws IOException {
        long calls = callsOfAWholeBackup();
        for (long from = 1 + Math.floorMod(seed, calls / 10); from <= calls; from += calls / 10) {
            SimulatedStorage storage = first.copy();
            long begin = from;
            storage.fail(
                    SimulatedStorage.Fault.FULL,
                    call -> call.number() >= begin && call.kind() == SimulatedStorage.Kind.WRITE);
            try {
                take(Backups.in(storage));
            } catch (IOException full) {
                assertTrue(String.valueOf(full.getMessage()).contains("no space left"), full.toString());
            }
            storage.heal();
            verify(storage, "seed %d, full from call %d of %d".formatted(seed, from, calls));
        }
    }

    private long callsOfAWholeBackup() throws IOException {
        SimulatedStorage storage = first.copy();
        take(Backups.in(storage));
        return storage.callCount();
    }

    private void assertFails(SimulatedStorage storage) {
        try {
            take(Backups.in(storage));
        } catch (IOException powerIsOff) {
            // The next line looks at what it left.
        }
        assertThrows(IOException.class, () -> storage.list(""));
    }

    private void verify(SimulatedStorage survivor, String where) throws IOException {
        Backups backups = Backups.in(survivor);
        List<BackupManifest> there = backups.list();
        assertEquals(earlier, there.getFirst(), where);
        for (BackupManifest backup : there) {
            backups.verify(backup);
        }
        BackupManifest next = take(backups);
        backups.verify(next);
        assertEquals(next, backups.list().getLast(), where);
        assertTrue(leftOvers(survivor).isEmpty(), where + ": " + leftOvers(survivor));
    }

    private static List<String> leftOvers(SimulatedStorage storage) throws IOException {
        return storage.list("manifests").stream()
                .filter(name -> !name.endsWith(".backup"))
                .toList();
    }

    private BackupManifest take(Backups backups) throws IOException {
        return backups.take(BackupFixture.source(system), BackupKind.INCREMENTAL, Progress.NONE)
                .manifest();
    }
}

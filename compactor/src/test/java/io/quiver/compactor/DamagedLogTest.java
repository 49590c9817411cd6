package io.quiver.compactor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.executor.Eventually;
import io.quiver.executor.ExecutorFixture;
import io.quiver.executor.ExecutorSettings;
import io.quiver.executor.query.Hits;
import io.quiver.log.catalog.Space;
import io.quiver.log.record.CollectionId;
import io.quiver.log.record.LogOffset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Damage that comes to the log while it is in use costs nothing: what it held is compacted, and a start needs it no
 * more.
 */
class DamagedLogTest {
    private static final ExecutorSettings SETTINGS = ExecutorFixture.smallDeltas(10_000);
    private static final int ROWS = 50;

    @TempDir
    Path directory;

    private CollectionId one = CollectionId.random();
    private CollectionId other = CollectionId.random();

    @Test
    void theScrubberSavesWhatItHeld() throws IOException {
        assertSaved("one-3");
    }

    /** There a start would take the damage for a torn write, and cut it. */
    @Test
    void alsoTheNewestEntry() throws IOException {
        assertSaved("newest");
    }

    private void assertSaved(String damagedId) throws IOException {
        List<Hits> answers;
        try (CompactorFixture system = open()) {
            write(system.quiver);
            answers = answers(system.quiver);
            damage(damagedId);
            assertEquals(1, system.scrub().damagedLog());
            Eventually.await(() -> !Files.exists(first()), () -> "the damaged file of the log is still there");
            assertEquals(answers, answers(system.quiver));
            assertEquals(0, system.scrub().damagedLog());
        }
        try (CompactorFixture system = open()) {
            assertTrue(system.quiver.executor.damaged().isEmpty());
            assertEquals(List.of(), system.quiver.log.gaps());
            assertEquals(answers, answers(system.quiver));
        }
    }

    /** Somebody wants to keep the whole log. */
    private CompactorFixture open() throws IOException {
        return CompactorFixture.openRetaining(directory, SETTINGS, () -> LogOffset.NONE);
    }

    private void write(ExecutorFixture quiver) {
        one = quiver.create("one", Space.L2);
        other = quiver.create("other", Space.L2);
        for (int i = 0; i < ROWS; i++) {
            quiver.write(one, ExecutorFixture.upsert("one-" + i, i, 2, 3));
            quiver.write(other, ExecutorFixture.upsert("other-" + i, i, 2, 3));
        }
        quiver.write(one, ExecutorFixture.upsert("newest", 1, 2, 3));
    }

    private List<Hits> answers(ExecutorFixture quiver) {
        return List.of(quiver.one(ExecutorFixture.scan(one)), quiver.one(ExecutorFixture.scan(other)));
    }

    private void damage(String id) throws IOException {
        byte[] bytes = Files.readAllBytes(first());
        bytes[DamageTest.indexOf(bytes, id)] ^= 1;
        Files.write(first(), bytes);
    }

    private Path first() {
        return directory.resolve("log/0000000000000001.log");
    }
}

package io.quiver.compactor;

import static io.quiver.executor.ExecutorFixture.add;
import static io.quiver.executor.ExecutorFixture.delete;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.executor.ExecutorFixture;
import io.quiver.log.record.CollectionId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryCheckTest {
    @TempDir
    Path directory;

    private final List<Long> progress = new ArrayList<>();

    @BeforeEach
    void fill() throws IOException {
        try (CompactorFixture system = CompactorFixture.open(directory, ExecutorFixture.smallDeltas(20))) {
            CollectionId arrows = system.quiver.create("arrows");
            for (int i = 0; i < 30; i++) {
                system.quiver.write(arrows, add("r" + i, i));
            }
            system.compact(arrows);
            system.quiver.write(arrows, delete("r1"));
            system.compact(arrows);
            system.quiver.write(arrows, add("late", 1));
        }
    }

    private CheckReport check() throws IOException {
        return DirectoryCheck.run(directory, (_, done, _) -> progress.add(done));
    }

    @Test
    void aSoundDirectoryHasNoFindingsAndIsCounted() throws IOException {
        CheckReport report = check();
        assertEquals(List.of(), report.findings());
        assertTrue(report.isSound());
        assertEquals(1, report.collections());
        assertEquals(29, report.records());
        assertTrue(report.logEntries() > 0);
        assertEquals(report.segments(), progress.size());
        assertEquals(report.bytes(), progress.getLast());
    }

    @Test
    void aChangedByteOfASegmentIsFound() throws IOException {
        Path file = largestFile("segments");
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 4;
        Files.write(file, bytes);
        CheckReport report = check();
        assertFalse(report.isSound());
        assertTrue(report.findings().getFirst().where().startsWith("collection "), report.toString());
    }

    @Test
    void aLogThatIsGoneIsFound() throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve("log"))) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        CheckReport report = check();
        assertFalse(report.isSound());
        assertTrue(report.findings().getFirst().what().contains("the log only to 0"), report.toString());
    }

    @Test
    void aMissingCatalogIsFound() throws IOException {
        Files.delete(directory.resolve("catalog.db"));
        Files.delete(directory.resolve("catalog-copy.db"));
        CheckReport report = check();
        assertFalse(report.isSound());
        assertEquals("catalog", report.findings().getFirst().where());
    }

    @Test
    void whatIsNoDirectoryCannotBeChecked() {
        assertThrows(
                NotDirectoryException.class, () -> DirectoryCheck.run(directory.resolve("nowhere"), (_, _, _) -> {}));
    }

    private Path largestFile(String below) throws IOException {
        try (Stream<Path> files = Files.walk(directory.resolve(below))) {
            return files.filter(Files::isRegularFile)
                    .max((one, other) ->
                            Long.compare(one.toFile().length(), other.toFile().length()))
                    .orElseThrow();
        }
    }
}

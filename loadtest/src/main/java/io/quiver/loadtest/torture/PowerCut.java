package io.quiver.loadtest.torture;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A power cut of one process, without a machine that loses its power.
 *
 * <p>A small library is preloaded into the server. Before each change of a file or a name below the data directory, it
 * notes how to undo it; it notes each force too. The server is killed, and what it had not forced is undone: all of
 * that, or a part of it drawn at random, sector by sector and name by name, for a disk writes in whatever order it
 * likes. The next process finds what a machine would find that comes up again.
 *
 * <p>Needs a C compiler, {@code cc}. What is written through mappings is not seen, and neither is what another process
 * writes.
 */
final class PowerCut {
    private static final String SOURCE = "powercut.c";

    private final Path data;
    private final Path journal;
    private final Path library;

    private PowerCut(Path data, Path journal, Path library) {
        this.data = data;
        this.journal = journal;
        this.library = library;
    }

    /**
     * Compiles the library; {@code data} is to be the server's data directory, {@code scratch} lies in the same file
     * system.
     */
    static PowerCut prepare(Path data, Path scratch) throws IOException {
        Path source = scratch.resolve(SOURCE);
        Path library = scratch.resolve("powercut.so");
        Path journal = Files.createDirectories(scratch.resolve("journal"));
        try (InputStream in = Objects.requireNonNull(PowerCut.class.getResourceAsStream(SOURCE))) {
            Files.copy(in, source);
        }
        compile(source, library);
        return new PowerCut(data, journal, library);
    }

    private static void compile(Path source, Path library) throws IOException {
        try {
            Process compiler = new ProcessBuilder(
                            "cc",
                            "-O2",
                            "-shared",
                            "-fPIC",
                            "-o",
                            library.toString(),
                            source.toString(),
                            "-ldl",
                            "-lpthread")
                    .inheritIO()
                    .start();
            if (compiler.waitFor() != 0) {
                throw new IOException("cc cannot compile " + source);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** What the server is to be started with. */
    Map<String, String> environment() {
        return Map.of(
                "LD_PRELOAD", library.toString(),
                "POWERCUT_DIRECTORY", data.toString(),
                "POWERCUT_JOURNAL", journal.toString());
    }

    /** After the kill: leaves in the data directory what survives. Returns how many changes were undone. */
    int happen(long seed) throws IOException {
        List<UndoRecord> records = UndoJournal.read(journal);
        int undone = new Undoing(records, seed).run(data, journal);
        clear(journal);
        return undone;
    }

    private static void clear(Path directory) throws IOException {
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}

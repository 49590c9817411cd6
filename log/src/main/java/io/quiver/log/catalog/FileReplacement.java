package io.quiver.log.catalog;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.util.Objects;

/**
 * Puts a new file in the place of one of a catalog's files, durably: wherever that ends, the place has the old file,
 * the new one, or none, and never one with the write-ahead log of another.
 */
final class FileReplacement {
    private static final String FRESH = ".new";
    private static final String ASIDE = ".damaged";

    private FileReplacement() {}

    /** Writes all tables into a new file beside the one that it is to replace; changes nothing else. */
    static Path write(Path file, CatalogTables source) throws IOException, SQLException {
        Path fresh = beside(file, FRESH);
        Files.deleteIfExists(fresh);
        source.copyTo(fresh);
        force(fresh);
        return fresh;
    }

    /** Puts what {@link #write} made in its place; nobody may have the file open. */
    static void put(Path file, boolean isKeptAside) throws IOException {
        if (isKeptAside && Files.exists(file)) {
            Files.move(file, beside(file, ASIDE), StandardCopyOption.REPLACE_EXISTING);
        }
        delete(file);
        Files.move(beside(file, FRESH), file, StandardCopyOption.ATOMIC_MOVE);
        forceDirectory(file);
    }

    /** Deletes a file that nobody has open, and then its write-ahead log, without which it would lack changes. */
    static void delete(Path file) throws IOException {
        Files.deleteIfExists(file);
        forceDirectory(file);
        deleteLog(file);
        forceDirectory(file);
    }

    /** A log or a journal that remained would be applied to whatever file has the name. */
    private static void deleteLog(Path file) throws IOException {
        Files.deleteIfExists(beside(file, CatalogFile.JOURNAL));
        Files.deleteIfExists(beside(file, "-wal"));
        Files.deleteIfExists(beside(file, "-shm"));
    }

    private static Path beside(Path file, String ending) {
        return file.resolveSibling(file.getFileName() + ending);
    }

    private static void forceDirectory(Path file) throws IOException {
        force(Objects.requireNonNull(file.toAbsolutePath().getParent()));
    }

    private static void force(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}

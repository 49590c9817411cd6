package io.quiver.log.storage;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * Files below one root. Paths are relative, with {@code /} between names; a path that would leave the root is refused
 * with {@link IllegalArgumentException}.
 *
 * <p>What is durable: the bytes of a file after {@link StorageFile#force}; its name, after creation, rename or
 * deletion, once {@link #forceDirectory} of its parent has returned. Nothing else.
 */
public interface Storage {
    /** Creates an empty file; fails with {@link java.nio.file.FileAlreadyExistsException} where the name is taken. */
    StorageFile create(String path) throws IOException;

    /**
     * Opens an existing file for reading and writing; {@link java.nio.file.NoSuchFileException} where there is none.
     */
    StorageFile open(String path) throws IOException;

    /** Maps a whole file read-only for as long as {@code arena} lives. An empty file gives an empty segment. */
    MemorySegment map(String path, Arena arena) throws IOException;

    /**
     * Zeroed memory behind a file that has no name: as large as the disk allows, and gone with {@code arena}. For work
     * that does not fit into memory, and that nobody needs after a crash.
     */
    MemorySegment scratch(long sizeBytes, Arena arena) throws IOException;

    boolean exists(String path) throws IOException;

    long sizeBytes(String path) throws IOException;

    /** Names in a directory, sorted; empty where there is no such directory. */
    List<String> list(String directory) throws IOException;

    /** Renames a file within its storage, replacing what had the new name, atomically. */
    void rename(String from, String to) throws IOException;

    /**
     * Gives a file another name in this storage: each name stands for the same bytes, which nobody may change any more,
     * and goes by itself. Fails with {@link java.nio.file.FileAlreadyExistsException} where the name is taken, and with
     * {@link IOException} where the disk knows no such names.
     */
    void link(String file, String otherName) throws IOException;

    /** Deletes a file or an empty directory; no error where there is none. */
    void delete(String path) throws IOException;

    /** Creates a directory and its parents, and makes their names durable. */
    void createDirectories(String directory) throws IOException;

    /**
     * Creates a directory in one that exists; its name is durable once {@link #forceDirectory} of its parent has
     * returned. No error where it exists.
     */
    void createDirectory(String directory) throws IOException;

    /** Bytes that can be written yet, as far as that is known: others may write too. */
    default long usableBytes() throws IOException {
        return Long.MAX_VALUE;
    }

    /** Makes the names in a directory durable. */
    void forceDirectory(String directory) throws IOException;
}

package io.quiver.loadtest.torture;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** One line of the journal that {@code powercut.c} writes; each has its position in the journal. */
sealed interface UndoRecord {
    long position();

    /**
     * A file was about to be written, or cut.
     *
     * @param length of the write, -1 where the file was cut at {@code offset}
     * @param before the bytes that stood there
     */
    record Write(long position, long inode, long offset, long oldSize, long length, byte[] before)
            implements UndoRecord {}

    /** A file was forced: writes before {@code upTo} are durable. */
    record Force(long position, long inode, long upTo) implements UndoRecord {}

    /** A directory was forced: names in it are durable that were changed before {@code upTo}. */
    record ForceNames(long position, long upTo, Path directory) implements UndoRecord {}

    /** A change of a name. */
    sealed interface NameChange extends UndoRecord {
        /** The name that was made or lost. */
        Path path();
    }

    /** A name was about to be made. */
    record Creation(long position, Path path) implements NameChange {}

    /**
     * A name was about to be replaced by another.
     *
     * @param stash another name of what had the name {@code path} before, {@code null} where nothing had it
     */
    record Rename(long position, @Nullable Path stash, Path from, Path path) implements NameChange {}

    /**
     * A name was about to be taken away.
     *
     * @param stash another name of what was removed, {@code null} for a directory
     */
    record Removal(long position, @Nullable Path stash, Path path) implements NameChange {}
}

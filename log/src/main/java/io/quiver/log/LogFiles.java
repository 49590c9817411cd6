package io.quiver.log;

import io.quiver.log.record.LogOffset;
import io.quiver.log.storage.Storage;
import io.quiver.log.storage.StorageFile;
import io.quiver.log.storage.StorageFullException;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The files of the log, oldest first: begins new ones, drops old ones, and uses a dropped one again once nobody reads
 * it.
 *
 * <p>Safe on every thread. Changes and the opening of readers exclude each other; looking up does not wait.
 */
final class LogFiles {
    private static final SecureRandom SALTS = new SecureRandom();

    private final Storage storage;
    private final String directory;
    private final LogFileNames names;
    private final SpareFiles spares;
    private final LogEnds ends;
    private final LongSupplier millis;
    private volatile List<LogFile> live;
    private boolean isRecycling = true;

    /** The newest drop may not be durable. */
    private boolean isDropDoubtful;

    LogFiles(Storage storage, String directory, SpareFiles spares, List<LogFile> found, LongSupplier millis) {
        this.storage = storage;
        this.directory = directory;
        this.names = new LogFileNames(directory);
        this.spares = spares;
        this.ends = new LogEnds(storage, directory);
        this.millis = millis;
        this.live = List.copyOf(found);
        for (int i = 1; i < live.size(); i++) {
            live.get(i - 1).endBefore(live.get(i));
        }
    }

    /** Notes durably which files there are, where that is not noted yet. */
    synchronized void noteEnds() throws IOException {
        noteEnds(newest());
    }

    /**
     * Files that are noted, older than those there are, are missing: they stay noted, so that the next start knows of
     * them too.
     */
    private void noteEnds(LogFile newest) throws IOException {
        LogEnds.Note before = ends.read();
        LogFile oldest = live.isEmpty() ? newest : live.getFirst();
        ends.write(
                before != null && before.oldestId() < oldest.header.id()
                        ? new LogEnds.Note(before.oldestId(), before.firstOffset(), newest.header.id())
                        : note(oldest, newest));
    }

    private static LogEnds.Note note(LogFile oldest, LogFile newest) {
        return new LogEnds.Note(oldest.header.id(), oldest.firstOffset(), newest.header.id());
    }

    boolean isEmpty() {
        return live.isEmpty();
    }

    LogFile newest() {
        return live.getLast();
    }

    LogOffset truncatedThrough() {
        return new LogOffset(live.getFirst().firstOffset() - 1);
    }

    /**
     * Begins the next file, with room for a group of {@code groupBytes}. {@link StorageFullException} means that
     * nothing has changed; after any other failure the log must not be written any more.
     */
    ActiveFile begin(long firstOffset, long groupBytes) throws IOException {
        long leastBytes = LogFileHeader.BYTES + groupBytes + GroupHeader.BYTES;
        String spare = spares.take(leastBytes);
        StorageFile file = storage.open(spare);
        try {
            LogFile begun = publish(spare, writeHeader(file, firstOffset));
            return new ActiveFile(begun, file, LogFileHeader.BYTES);
        } catch (StorageFullException e) {
            file.close();
            spares.add(spare);
            throw e;
        } catch (Throwable failure) {
            file.close();
            spares.discard(spare);
            throw failure;
        }
    }

    /**
     * Writes what the newest file holds before {@code end} to another file, with which it replaces it, and leaves the
     * old one for good. What a failed beginning of a next file may have left, noted or not, is taken away first.
     */
    synchronized ActiveFile replaceNewest(long end, long nextOffset) throws IOException {
        LogFile old = newest();
        noteEnds(old);
        storage.delete(names.log(old.header.id() + 1));
        storage.forceDirectory(directory);
        String spare = spares.take(old.header.capacityBytes());
        StorageFile file = storage.open(spare);
        try {
            LogFile copy = new LogFileCopy(storage, old, end).writeTo(file, SALTS.nextLong());
            storage.rename(spare, old.path);
            storage.forceDirectory(directory);
            replace(old, copy, nextOffset);
            return new ActiveFile(copy, file, end);
        } catch (Throwable failure) {
            file.close();
            spares.discard(spare);
            throw failure;
        }
    }

    private void replace(LogFile old, LogFile copy, long nextOffset) {
        old.endAt(nextOffset);
        List<LogFile> files = new ArrayList<>(live.subList(0, live.size() - 1));
        files.add(copy);
        live = List.copyOf(files);
    }

    private LogFileHeader writeHeader(StorageFile file, long firstOffset) throws IOException {
        long id = live.isEmpty() ? 1 : newest().header.id() + 1;
        var header = new LogFileHeader(id, SALTS.nextLong(), firstOffset, file.sizeBytes(), millis.getAsLong());
        file.write(header.encode(), 0);
        file.write(ActiveFile.end(), LogFileHeader.BYTES);
        file.force();
        return header;
    }

    private synchronized LogFile publish(String spare, LogFileHeader header) throws IOException {
        LogFile file = new LogFile(header, names.log(header.id()));
        try {
            storage.rename(spare, file.path);
            storage.forceDirectory(directory);
            noteEnds(file);
        } catch (StorageFullException e) {
            throw new IOException("the name of a new log file may or may not be durable", e);
        }
        List<LogFile> files = new ArrayList<>(live);
        if (!files.isEmpty()) {
            files.getLast().endBefore(file);
        }
        files.add(file);
        live = List.copyOf(files);
        return file;
    }

    /**
     * Drops the files that hold nothing after {@code through}, never the newest. Oldest first, each durably before the
     * next, so that no crash leaves a gap.
     */
    synchronized void dropThrough(LogOffset through) throws IOException {
        if (isDropDoubtful) {
            storage.forceDirectory(directory);
            isDropDoubtful = false;
        }
        int count = 0;
        while (count + 1 < live.size() && live.get(count + 1).firstOffset() - 1 <= through.value()) {
            count++;
        }
        if (count > 0) {
            ends.write(note(live.get(count), newest()));
        }
        for (int i = 0; i < count; i++) {
            drop(live.getFirst());
        }
    }

    private void drop(LogFile oldest) throws IOException {
        String spare = spares.nextPath();
        storage.rename(oldest.path, spare);
        live = List.copyOf(live.subList(1, live.size()));
        oldest.path = spare;
        isDropDoubtful = true;
        storage.forceDirectory(directory);
        isDropDoubtful = false;
        oldest.isDropped = true;
        recycleIfUnused(oldest);
    }

    /**
     * Opens the file that holds an offset, which is kept until {@link #close}; {@code null} where it has been dropped.
     */
    synchronized @Nullable GroupReader open(long offset) throws IOException {
        LogFile file = holder(offset);
        if (file == null) {
            return null;
        }
        GroupReader reader = new GroupReader(file, file.path, storage.open(file.path));
        file.readerCount++;
        return reader;
    }

    /** Opens every file, oldest first; each is kept until {@link #close}. */
    synchronized List<GroupReader> openAll() throws IOException {
        List<GroupReader> readers = new ArrayList<>();
        try {
            for (LogFile file : live) {
                readers.add(new GroupReader(file, file.path, storage.open(file.path)));
                file.readerCount++;
            }
            return readers;
        } catch (Throwable failure) {
            for (GroupReader reader : readers) {
                close(reader);
            }
            throw failure;
        }
    }

    /** What the files take on the disk. */
    long sizeBytes() {
        return live.stream().mapToLong(file -> file.header.capacityBytes()).sum();
    }

    synchronized void close(GroupReader reader) throws IOException {
        reader.close();
        reader.logFile().readerCount--;
        recycleIfUnused(reader.logFile());
    }

    /** The last entry of the file that holds one; nothing is after it where that is the newest. */
    LogOffset lastWith(LogOffset offset) {
        LogFile file = holder(offset.value());
        return file == null ? offset : new LogOffset(file.endOffset() - 1);
    }

    private @Nullable LogFile holder(long offset) {
        List<LogFile> files = live;
        for (int i = files.size() - 1; i >= 0; i--) {
            if (files.get(i).holds(offset)) {
                return files.get(i);
            }
        }
        return null;
    }

    /** From now on files are left as they are: the directory may belong to another process. */
    synchronized void stopRecycling() {
        isRecycling = false;
    }

    private void recycleIfUnused(LogFile file) throws IOException {
        if (isRecycling && file.isDropped && file.readerCount == 0) {
            spares.add(file.path);
        }
    }
}

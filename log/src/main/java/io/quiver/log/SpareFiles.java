package io.quiver.log;

import io.quiver.log.storage.Storage;
import io.quiver.log.storage.StorageFile;
import io.quiver.log.storage.StorageFullException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files whose blocks are allocated already, to become the next log file: writing into them changes no file system
 * metadata, so a {@code force} is one write. One is kept ready; while that cannot be, for the disk is full, {@link
 * #isDiskFull} holds.
 *
 * <p>Safe on every thread; a call may wait for another that is allocating.
 */
final class SpareFiles {
    private static final Logger LOG = LoggerFactory.getLogger(SpareFiles.class);
    private static final int KEPT_MAX = 2;

    /** Allocation is forced in steps, so that it does not hold up the log's own writes for long. */
    private static final long STEP_BYTES = 4L << 20;

    private final Storage storage;
    private final LogFileNames names;
    private final String directory;
    private final long fileBytes;
    private final Deque<String> ready = new ArrayDeque<>();
    private long nextNumber = 1;
    private volatile boolean isDiskFull;

    SpareFiles(Storage storage, String directory, long fileBytes) {
        this.storage = storage;
        this.names = new LogFileNames(directory);
        this.directory = directory;
        this.fileBytes = fileBytes;
    }

    /** Takes over what an earlier process left. */
    synchronized void adopt() throws IOException {
        for (String name : storage.list(directory)) {
            if (LogFileNames.isSpare(name)) {
                nextNumber = Math.max(nextNumber, LogFileNames.number(name) + 1);
                add(names.path(name));
            }
        }
    }

    boolean isDiskFull() {
        return isDiskFull;
    }

    /**
     * A file of at least {@code leastBytes}, allocated but with any content, which the caller has from now on. Where
     * there is no room it throws {@link StorageFullException} and leaves nothing behind.
     */
    synchronized String take(long leastBytes) throws IOException {
        String spare = leastBytes <= fileBytes ? ready.poll() : null;
        return spare == null ? allocate(Math.max(fileBytes, leastBytes)) : spare;
    }

    /** Sees to it that a file is ready. */
    synchronized void prepare() throws IOException {
        if (ready.isEmpty()) {
            ready.add(allocate(fileBytes));
        }
    }

    /** Keeps a file that nobody uses any more, or deletes it. */
    synchronized void add(String path) throws IOException {
        if (ready.size() < KEPT_MAX && storage.sizeBytes(path) == fileBytes) {
            ready.add(path);
            isDiskFull = false;
        } else {
            storage.delete(path);
            storage.forceDirectory(directory);
        }
    }

    /** Takes away a file that could not be written; what cannot be taken away is told of no more than that. */
    void discard(String path) {
        try {
            storage.delete(path);
        } catch (IOException e) {
            LOG.warn("{} remains: {}", path, e.toString());
        }
    }

    /** A fresh name for a file that is no longer a log file. */
    synchronized String nextPath() {
        return names.spare(nextNumber++);
    }

    private String allocate(long sizeBytes) throws IOException {
        String path = nextPath();
        try (StorageFile file = storage.create(path)) {
            for (long size = 0; size < sizeBytes; ) {
                size = Math.min(size + STEP_BYTES, sizeBytes);
                file.resize(size);
                file.force();
            }
        } catch (IOException e) {
            isDiskFull = e instanceof StorageFullException;
            storage.delete(path);
            throw e;
        }
        isDiskFull = false;
        return path;
    }
}

package io.quiver.gateway.auth;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks every second whether files have changed, and reads again those that have, on one thread of its own. What cannot
 * be read is logged and tried again when it changes; until then what was read before counts.
 */
final class FileWatch implements AutoCloseable {
    private static final Duration EVERY = Duration.ofSeconds(1);
    private static final Logger LOG = LoggerFactory.getLogger(FileWatch.class);

    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("auth-files").factory());

    /** Reads a file into the memory of whoever is interested. */
    @FunctionalInterface
    interface Reading {
        void read() throws IOException;
    }

    /** Reads now, which may fail, and again after each change of any of the files. */
    void add(List<Path> files, Reading reading) throws IOException {
        Watched watched = new Watched(files, reading);
        watched.stamps = stamps(files);
        reading.read();
        var _ = thread.scheduleWithFixedDelay(watched::look, EVERY.toMillis(), EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Does something now and then; what it throws is logged. */
    void every(Duration pause, Runnable task) {
        var _ = thread.scheduleWithFixedDelay(
                () -> {
                    try {
                        task.run();
                    } catch (RuntimeException failure) {
                        LOG.warn("What is done every {} has failed", pause, failure);
                    }
                },
                pause.toMillis(),
                pause.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }

    /** What tells one state of a file from another: replacing gives another inode, writing another time or size. */
    private record Stamp(@Nullable Object inode, @Nullable FileTime time, long size) {
        static final Stamp ABSENT = new Stamp(null, null, 0);
    }

    private static List<Stamp> stamps(List<Path> files) throws IOException {
        List<Stamp> stamps = new java.util.ArrayList<>();
        for (Path file : files) {
            stamps.add(stamp(file));
        }
        return stamps;
    }

    private static Stamp stamp(Path file) throws IOException {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return new Stamp(attributes.fileKey(), attributes.lastModifiedTime(), attributes.size());
        } catch (NoSuchFileException none) {
            return Stamp.ABSENT;
        }
    }

    private static final class Watched {
        private final List<Path> files;
        private final Reading reading;
        private List<Stamp> stamps = List.of();

        Watched(List<Path> files, Reading reading) {
            this.files = files;
            this.reading = reading;
        }

        void look() {
            try {
                List<Stamp> now = stamps(files);
                if (!Objects.equals(now, stamps)) {
                    stamps = now;
                    reading.read();
                    LOG.info("Read {} again, for it has changed", files);
                }
            } catch (IOException | RuntimeException failure) {
                LOG.error("{} cannot be read, what was read before counts", files, failure);
            }
        }
    }
}

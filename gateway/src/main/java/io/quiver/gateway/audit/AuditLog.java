package io.quiver.gateway.audit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log of one server. {@link #add} is safe on every thread and never waits; one thread writes what is queued and
 * forces it, group by group. A line that a crash cut in half is dropped when the log is opened, and that is noted in
 * the log.
 */
public final class AuditLog implements AutoCloseable {
    private static final int QUEUE_MAX = 8_192;
    private static final long LOOK_MS = 200;
    private static final Logger LOG = LoggerFactory.getLogger(AuditLog.class);

    private final AuditSettings settings;
    private final Clock clock;
    private final BlockingQueue<AuditEntry> queue = new ArrayBlockingQueue<>(QUEUE_MAX);
    private final AtomicLong lost = new AtomicLong();
    private final Thread writer =
            Thread.ofPlatform().daemon().name("audit-writer").unstarted(this::writeAll);
    private FileChannel file;
    private long sequence;
    private String hash;
    private volatile boolean isClosing;

    private AuditLog(AuditSettings settings, Clock clock) throws IOException {
        this.settings = settings;
        this.clock = clock;
        Files.createDirectories(settings.directory());
        String cut = cutHalfLine(settings.directory());
        AuditCheck check = AuditCheck.of(settings.directory());
        if (!check.isSound()) {
            throw new IOException("the audit log %s is damaged: %s. Move it away and keep it"
                    .formatted(settings.directory(), check.problem()));
        }
        this.sequence = check.lastSequence();
        this.hash = check.lastHash();
        this.file = openLast();
        if (!cut.isEmpty()) {
            add(AuditEntry.ofServer("half a line was dropped", cut));
        }
    }

    /** Throws {@link IOException} for a log that cannot be read or is not as it was written. Blocks. */
    public static AuditLog open(AuditSettings settings, Clock clock) throws IOException {
        AuditLog log = new AuditLog(settings, clock);
        log.add(AuditEntry.ofServer("server started", ""));
        log.writer.start();
        return log;
    }

    private static String cutHalfLine(Path directory) throws IOException {
        List<Path> files = AuditFiles.in(directory);
        if (files.isEmpty()) {
            return "";
        }
        Path last = files.getLast();
        byte[] bytes = Files.readAllBytes(last);
        int end = bytes.length;
        while (end > 0 && bytes[end - 1] != '\n') {
            end--;
        }
        if (end == bytes.length) {
            return "";
        }
        try (FileChannel channel = FileChannel.open(last, StandardOpenOption.WRITE)) {
            channel.truncate(end).force(true);
        }
        return "%s at byte %d".formatted(last.getFileName(), end);
    }

    private FileChannel openLast() throws IOException {
        List<Path> files = AuditFiles.in(settings.directory());
        return open(files.isEmpty() ? AuditFiles.beginningWith(settings.directory(), 1) : files.getLast());
    }

    private static FileChannel open(Path file) throws IOException {
        return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
    }

    /** Notes what happened; where too much happens at once, only that it did. */
    public void add(AuditEntry entry) {
        if (!queue.offer(entry)) {
            lose();
        }
    }

    /** One more that was not noted, and is counted. */
    public void lose() {
        lost.incrementAndGet();
    }

    private void writeAll() {
        List<AuditEntry> group = new ArrayList<>();
        boolean isLast = false;
        while (!isLast) {
            isLast = isClosing;
            try {
                take(group);
                write(group);
            } catch (InterruptedException e) {
                isClosing = true;
            } catch (IOException | UncheckedIOException failure) {
                lost.addAndGet(group.size());
                LOG.error("{} entries of the audit log cannot be written", group.size(), failure);
            }
            group.clear();
        }
    }

    private void take(List<AuditEntry> group) throws InterruptedException {
        AuditEntry first = queue.poll(isClosing ? 0 : LOOK_MS, TimeUnit.MILLISECONDS);
        if (first != null) {
            group.add(first);
            queue.drainTo(group);
        }
        long missing = lost.getAndSet(0);
        if (missing > 0) {
            group.add(AuditEntry.ofServer("entries lost", Long.toString(missing)));
        }
    }

    private void write(List<AuditEntry> group) throws IOException {
        if (group.isEmpty()) {
            return;
        }
        if (file.size() >= settings.fileBytesMax()) {
            rotate();
        }
        long next = sequence;
        String chained = hash;
        StringBuilder lines = new StringBuilder();
        for (AuditEntry entry : group) {
            AuditLine line = AuditLine.of(++next, chained, clock.instant(), entry);
            chained = line.hash();
            lines.append(line.text()).append('\n');
        }
        append(ByteBuffer.wrap(lines.toString().getBytes(StandardCharsets.UTF_8)));
        sequence = next;
        hash = chained;
    }

    /** All of it or nothing, so that what comes next follows a whole line. */
    private void append(ByteBuffer bytes) throws IOException {
        long begin = file.size();
        try {
            while (bytes.hasRemaining()) {
                file.write(bytes);
            }
            file.force(false);
        } catch (IOException failure) {
            file.truncate(begin);
            throw failure;
        }
    }

    private void rotate() throws IOException {
        FileChannel next = open(AuditFiles.beginningWith(settings.directory(), sequence + 1));
        file.close();
        file = next;
        List<Path> files = AuditFiles.in(settings.directory());
        for (Path old : files.subList(0, Math.max(0, files.size() - settings.filesMax()))) {
            Files.delete(old);
        }
    }

    /** Writes what is queued, then closes. */
    @Override
    public void close() throws IOException {
        add(AuditEntry.ofServer("server ended", ""));
        isClosing = true;
        try {
            writer.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        file.close();
    }
}

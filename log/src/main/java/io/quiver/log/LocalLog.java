package io.quiver.log;

import io.quiver.log.record.CollectionId;
import io.quiver.log.record.LogOffset;
import io.quiver.log.record.Operation;
import io.quiver.log.record.QuiverException;
import io.quiver.log.storage.Storage;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The log in files of one directory.
 *
 * <p><b>Layout</b>, little-endian, format version 1. A file {@code <file id as 16 hex digits>.log} is
 *
 * <pre>
 * file   = header (4 KiB, {@link LogFileHeader}), groups, 32 zeros, anything up to the end of the file
 * group  = header (32 bytes, {@link GroupHeader}), entries, zeros up to a multiple of 8
 * entry  = header (32 bytes, {@link EntryHeader}), payload ({@link OperationCodec})
 * </pre>
 *
 * A group is what one {@code force} made durable; it is whole or not there, and so is each batch in it. Checksums begin
 * with the file's id, its random salt and the position, so that neither bytes from a file's former life nor misdirected
 * ones count. Files are allocated at full size before use and used again after {@link #truncate}, as {@code
 * <number>.spare} in between; a batch too large for a file gets a larger one. {@link LogEnds} notes which files there
 * must be. {@link LogRecovery} says how the end is found and damage told from it.
 *
 * <p><b>Threads.</b> {@code append} encodes on the caller's thread, when it is subscribed to. {@code log-writer} writes
 * and answers. {@code log-files} allocates and drops files. Each follower has a {@code log-follower} thread, on which
 * its signals come. <b>Memory.</b> All on the heap but one direct buffer of 1 MiB.
 *
 * <p>The caller keeps the directory to one process. Subscribing twice to an append appends twice.
 */
public final class LocalLog implements Log {
    private static final Logger LOG = LoggerFactory.getLogger(LocalLog.class);

    private final RecoveryReport recovery;
    private final LogFiles files;
    private final CollectionHeads heads;
    private final LogTail tail;
    private final UnchangedCheck conditions;
    private final LogIntake intake;
    private final LogListener listener;
    private final LogWriter writer;
    private final Thread writerThread;
    private final LogUpkeep upkeep;

    private LocalLog(LogSettings settings, OpenedFiles opened, LogListener listener, LogPacing pacing) {
        this.files = opened.files();
        this.heads = opened.recovery().heads();
        this.recovery = opened.recovery().report();
        this.listener = listener;
        this.upkeep = new LogUpkeep(opened.spares(), files, heads, pacing);
        this.tail = new LogTail(files, recovery.gaps(), recovery.head(), settings.recentBytes());
        AppendQueue queue = new AppendQueue(settings.queueBytes(), settings.queueEntries(), pacing.nanos());
        long nextOffset = recovery.head().next().value();
        this.conditions = new UnchangedCheck(tail, files, heads);
        this.writer = new LogWriter(
                queue,
                conditions,
                files,
                opened.active(),
                nextOffset,
                settings.groupBytes(),
                settings.healEvery(),
                pacing.millis(),
                new WriterEvents());
        this.writerThread = Thread.ofPlatform().daemon().name("log-writer").unstarted(writer);
        this.intake = new LogIntake(queue, settings.entryBytesMax(), this::stopped, upkeep::isDiskFull);
    }

    /**
     * Opens the log in a directory of the storage, or begins one; cuts a torn end, which {@link #recovery} tells.
     *
     * <p>Acknowledged entries that are damaged are left out, and told by {@link #gaps}.
     *
     * @throws CorruptLogException where a whole file is lost; nothing has been changed then
     */
    public static LocalLog open(Storage storage, String directory, LogSettings settings, LogListener listener)
            throws IOException {
        ExecutorService filesExecutor = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().daemon().name("log-files").factory());
        try {
            return open(storage, directory, settings, listener, LogPacing.real(filesExecutor));
        } catch (Throwable failure) {
            filesExecutor.shutdown();
            throw failure;
        }
    }

    /** As {@link #open(Storage, String, LogSettings, LogListener)}, at the caller's pace. */
    public static LocalLog open(
            Storage storage, String directory, LogSettings settings, LogListener listener, LogPacing pacing)
            throws IOException {
        LocalLog log = new LocalLog(
                settings, OpenedFiles.in(storage, directory, settings.fileBytes(), pacing.millis()), listener, pacing);
        log.start();
        return log;
    }

    /**
     * Compares all that is durable with its checksums while writes go on. Where the newest file is damaged, writes go
     * to another one from then on: at its end damage could not be told from a torn write. Blocks.
     *
     * @param pace is told how many bytes were read since it was told last; may wait, and may end this by a
     *     {@link java.util.concurrent.CancellationException}
     * @return what is damaged, nobody knows of whose entries
     */
    public List<LogGap> scrub(LongConsumer pace) throws IOException {
        List<LogGap> found = new LogScrub(files, tail::readableFrom, head(), pace).run();
        if (found.stream().anyMatch(gap -> files.newest().holds(gap.last().value()))) {
            writer.beginNextFile();
        }
        return found;
    }

    /** How far the log must be truncated for its file that holds an entry to go; the newest never does. */
    public LogOffset lastOfFileWith(LogOffset offset) {
        return files.lastWith(offset);
    }

    /** Reads a log as {@link #open} does and says what is there; changes nothing. */
    public static RecoveryReport check(Storage storage, String directory) throws IOException {
        return LogRecovery.run(storage, directory).report();
    }

    private void start() {
        recovery.gaps().forEach(gap -> LOG.error("The log is damaged: {}", gap.reason()));
        if (recovery.cut() != null) {
            LOG.warn("The end of the log was not whole and has been cut: {}", recovery.cut());
        }
        LOG.info("The log holds entries {} to {}", recovery.truncatedThrough().next(), recovery.head());
        writerThread.start();
        upkeep.prepareSpare();
    }

    /** What was found when the log was opened. */
    public RecoveryReport recovery() {
        return recovery;
    }

    /** Why no more writes are taken, {@code null} while they are. */
    public @Nullable Throwable failure() {
        return writer.failure();
    }

    @Override
    public Mono<LogOffset> append(CollectionId collection, List<Operation> operations) {
        List<Operation> batch = List.copyOf(operations);
        return queued(collection, batch, null);
    }

    /** {@inheritDoc} Each subscription checks and appends anew. */
    @Override
    public Mono<LogOffset> append(CollectionId collection, List<Operation> operations, Unchanged condition) {
        List<Operation> batch = List.copyOf(operations);
        return conditions.durable(collection, condition).flatMap(left -> queued(collection, batch, left));
    }

    private Mono<LogOffset> queued(CollectionId collection, List<Operation> batch, @Nullable Unchanged condition) {
        return Mono.create(caller -> intake.append(collection, batch, condition, caller));
    }

    @Override
    public Mono<Void> requireUnchanged(CollectionId collection, Unchanged condition) {
        return conditions.durable(collection, condition).then();
    }

    private @Nullable QuiverException stopped() {
        Throwable failure = writer.failure();
        return failure == null ? null : LogWriter.stopped(failure);
    }

    /**
     * {@inheritDoc}
     *
     * <p>Begins with the first entry retained where {@code after} lies before it: a follower to whom that matters
     * compares with {@link #truncatedThrough} first. Fails with {@code FAILED_PRECONDITION} when entries are dropped
     * before it has read them. Signals come on a thread of this follower alone. Completes when the log is closed.
     */
    @Override
    public Flux<LogEntry> follow(LogOffset after) {
        return tail.entries(after, () -> Long.MAX_VALUE);
    }

    /** {@inheritDoc} Ends at the newest durable entry where that is earlier; otherwise as {@link #follow}. */
    @Override
    public Flux<LogEntry> read(LogOffset after, LogOffset through) {
        return tail.entries(after, () -> Math.min(through.value(), head().value()));
    }

    /** Keeps all files as they are until that is closed, and says how far they are durable. */
    public PinnedLog pin() throws IOException {
        LogOffset durable = head();
        return new PinnedLog(files, files.openAll(), durable);
    }

    /** What the log takes on the disk, but for files that are ready to be used next. */
    public long sizeBytes() {
        return files.sizeBytes();
    }

    @Override
    public LogOffset head() {
        return tail.head();
    }

    @Override
    public LogOffset head(CollectionId collection) {
        return heads.get(collection);
    }

    @Override
    public List<LogGap> gaps() {
        return recovery.gaps();
    }

    @Override
    public LogOffset truncatedThrough() {
        return files.truncatedThrough();
    }

    /** {@inheritDoc} Later, on a thread of its own; the file being written always stays. */
    @Override
    public void truncate(LogOffset through) {
        if (!intake.isClosing()) {
            upkeep.dropThrough(through);
        }
    }

    /** Writes what waits, then ends all threads. */
    @Override
    public void close() {
        intake.beginClosing();
        joinWriter();
        intake.close();
        upkeep.close();
        files.stopRecycling();
        tail.close();
    }

    private void joinWriter() {
        boolean interrupted = false;
        while (writerThread.isAlive()) {
            try {
                writerThread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private final class WriterEvents implements LogWriter.Events {
        @Override
        public void entry(LogEntry entry, long sizeBytes) {
            tail.add(entry, sizeBytes);
            heads.put(entry.collection(), entry.offset());
        }

        @Override
        public void appended(LogOffset newHead, int entryCount, long sizeBytes, long forceNanos) {
            tail.publish(newHead);
            try {
                listener.appended(entryCount, sizeBytes, forceNanos);
            } catch (RuntimeException e) {
                LOG.error("A listener of the log failed", e);
            }
        }

        @Override
        public void triedToHeal() {
            listener.triedToHeal();
        }

        @Override
        public void rolled() {
            upkeep.prepareSpare();
        }
    }
}

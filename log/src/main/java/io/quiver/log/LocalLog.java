package io.quiver.log;

import io.quiver.log.record.CollectionId;
import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.GrowingBuffer;
import io.quiver.log.record.LogOffset;
import io.quiver.log.record.Operation;
import io.quiver.log.record.QuiverException;
import io.quiver.log.storage.Storage;
import io.quiver.log.storage.StorageFile;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.publisher.Operators;

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
 * A group is what one {@code force} made durable; it is whole or not there, and so is each batch in it. Checksums begin with the
 * file's id, its random salt and the position, so that neither bytes from a file's former life nor misdirected ones count.
 * Files are allocated at full size before use and used again after {@link #truncate}, as {@code <number>.spare} in between; a
 * batch too large for a file gets a larger one. {@link LogRecovery} says how the end is found and damage told from it.
 *
 * <p><b>Threads.</b> {@code append} encodes on the caller's thread, when it is subscribed to. {@code log-writer} writes and
 * answers. {@code log-files} allocates and drops files. Each follower has a {@code log-follower} thread, on which its signals
 * come. <b>Memory.</b> All on the heap but one direct buffer of 1 MiB.
 *
 * <p>The caller keeps the directory to one process. Subscribing twice to an append appends twice.
 */
public final class LocalLog implements Log {
    private static final Logger LOG = LoggerFactory.getLogger(LocalLog.class);
    private static final Duration RETRY_WHEN_BUSY = Duration.ofMillis(100);

    /** More than this is not what a server does with its own log. */
    private static final int FOLLOWERS_MAX = 256;

    /** How long to wait before asking a full disk again. */
    private static final long PREPARE_AGAIN_NANOS = Duration.ofSeconds(1).toNanos();

    private final LogSettings settings;
    private final RecoveryReport recovery;
    private final SpareFiles spares;
    private final LogFiles files;
    private final CollectionHeads heads;
    private final RecentEntries recent;
    private final AppendQueue queue;
    private final LogListener listener;
    private final LogWriter writer;
    private final Thread writerThread;
    private final Executor filesExecutor;
    private final AtomicLong preparedAtNanos = new AtomicLong(System.nanoTime());
    private final Follower.Source source = new FollowerSource();
    private final Set<Follower> followers = ConcurrentHashMap.newKeySet();
    private final ThreadFactory followerThreads =
            Thread.ofPlatform().daemon().name("log-follower-", 0).factory();
    private volatile LogOffset head;
    private volatile boolean isClosing;
    private volatile boolean isClosed;

    private LocalLog(
            LogSettings settings,
            SpareFiles spares,
            LogFiles files,
            LogRecovery recovered,
            ActiveFile active,
            LogListener listener,
            Executor filesExecutor) {
        this.settings = settings;
        this.spares = spares;
        this.files = files;
        this.heads = recovered.heads();
        this.recovery = recovered.report();
        this.head = recovery.head();
        this.listener = listener;
        this.filesExecutor = filesExecutor;
        this.recent = new RecentEntries(settings.recentBytes());
        this.queue = new AppendQueue(settings.queueBytes(), settings.queueEntries());
        this.writer =
                new LogWriter(queue, files, active, head.next().value(), settings.groupBytes(), new WriterEvents());
        this.writerThread = Thread.ofPlatform().daemon().name("log-writer").unstarted(writer);
    }

    /**
     * Opens the log in a directory of the storage, or begins one; cuts a torn end, which {@link #recovery} tells.
     *
     * @throws CorruptLogException where acknowledged entries are damaged; nothing has been changed then
     */
    public static LocalLog open(Storage storage, String directory, LogSettings settings, LogListener listener)
            throws IOException {
        ExecutorService filesExecutor = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().daemon().name("log-files").factory());
        try {
            return open(storage, directory, settings, listener, filesExecutor);
        } catch (Throwable failure) {
            filesExecutor.shutdown();
            throw failure;
        }
    }

    static LocalLog open(
            Storage storage, String directory, LogSettings settings, LogListener listener, Executor filesExecutor)
            throws IOException {
        storage.createDirectories(directory);
        LogRecovery recovery = LogRecovery.run(storage, directory);
        SpareFiles spares = new SpareFiles(storage, directory, settings.fileBytes());
        spares.adopt();
        LogFiles files = new LogFiles(storage, directory, spares, recovery.files());
        ActiveFile active = files.isEmpty() ? files.begin(1, 0) : reopen(storage, recovery);
        LocalLog log = new LocalLog(settings, spares, files, recovery, active, listener, filesExecutor);
        log.start();
        return log;
    }

    /** Reads a log as {@link #open} does and says what is there; changes nothing. */
    public static RecoveryReport check(Storage storage, String directory) throws IOException {
        return LogRecovery.run(storage, directory).report();
    }

    private static ActiveFile reopen(Storage storage, LogRecovery recovery) throws IOException {
        LogFile newest = recovery.files().getLast();
        StorageFile file = storage.open(newest.path);
        try {
            return ActiveFile.reopen(newest, file, recovery.lastGroupAt(), recovery.end());
        } catch (Throwable failure) {
            file.close();
            throw failure;
        }
    }

    private void start() {
        if (recovery.cut() != null) {
            LOG.warn("The end of the log was not whole and has been cut: {}", recovery.cut());
        }
        LOG.info("The log holds entries {} to {}", recovery.truncatedThrough().next(), recovery.head());
        writerThread.start();
        prepareSpare();
    }

    /** What was found when the log was opened. */
    public RecoveryReport recovery() {
        return recovery;
    }

    /** Why no more writes are taken, {@code null} while they are. */
    public @Nullable Exception failure() {
        return writer.failure();
    }

    @Override
    public Mono<LogOffset> append(CollectionId collection, List<Operation> operations) {
        List<Operation> batch = List.copyOf(operations);
        return Mono.create(caller -> append(collection, batch, caller));
    }

    private void append(CollectionId collection, List<Operation> batch, MonoSink<LogOffset> caller) {
        long estimatedBytes = OperationCodec.estimateBytes(batch);
        QuiverException refusal = refusal(batch, estimatedBytes);
        if (refusal != null) {
            caller.error(refusal);
            return;
        }
        GrowingBuffer payload = new GrowingBuffer((int) estimatedBytes);
        OperationCodec.write(payload, batch);
        if (payload.sizeBytes() > settings.entryBytesMax()) {
            caller.error(tooLarge(payload.sizeBytes()));
        } else if (!queue.offer(new PendingAppend(collection, batch, payload, caller))) {
            caller.error(busy());
        } else if (isClosed) {
            refuseLeftovers();
        }
    }

    /** What stands against an append before it is worth encoding. */
    private @Nullable QuiverException refusal(List<Operation> batch, long estimatedBytes) {
        Exception failure = writer.failure();
        if (failure != null) {
            return LogWriter.stopped(failure);
        }
        if (isClosing) {
            return closing();
        }
        if (estimatedBytes > settings.entryBytesMax()) {
            return tooLarge(estimatedBytes);
        }
        if (spares.isDiskFull() && !batch.stream().allMatch(Operation.Delete.class::isInstance)) {
            prepareSpareAgain();
            return LogWriter.diskFull();
        }
        return queue.hasRoom(estimatedBytes) ? null : busy();
    }

    private QuiverException tooLarge(long sizeBytes) {
        return new QuiverException(
                ErrorCode.PAYLOAD_TOO_LARGE,
                "a batch of %d bytes is more than the log takes at once: %d"
                        .formatted(sizeBytes, settings.entryBytesMax()));
    }

    private static QuiverException busy() {
        return new QuiverException(ErrorCode.BACKOFF, "the log's queue is full", RETRY_WHEN_BUSY);
    }

    private static QuiverException closing() {
        return new QuiverException(ErrorCode.UNAVAILABLE, "the log is closed");
    }

    private void refuseLeftovers() {
        for (PendingAppend left = queue.poll(); left != null; left = queue.poll()) {
            left.caller().error(closing());
        }
    }

    private void prepareSpareAgain() {
        long last = preparedAtNanos.get();
        long now = System.nanoTime();
        if (now - last > PREPARE_AGAIN_NANOS && preparedAtNanos.compareAndSet(last, now)) {
            prepareSpare();
        }
    }

    private void prepareSpare() {
        onFiles("no log file could be prepared", spares::prepare);
    }

    /** Work on files that changes nothing of what is durable, so that its failure is no more than a warning. */
    private interface FileWork {
        void run() throws IOException;
    }

    private void onFiles(String ifItFails, FileWork work) {
        filesExecutor.execute(() -> {
            try {
                work.run();
            } catch (IOException | RuntimeException e) {
                LOG.warn("{}: {}", ifItFails, e.toString());
            }
        });
    }

    /**
     * {@inheritDoc}
     *
     * <p>Begins with the first entry retained where {@code after} lies before it: a follower to whom that matters compares with
     * {@link #truncatedThrough} first. Fails with {@code FAILED_PRECONDITION} when entries are dropped before it has read them.
     * Signals come on a thread of this follower alone. Completes when the log is closed.
     */
    @Override
    public Flux<LogEntry> follow(LogOffset after) {
        return entries(after, () -> Long.MAX_VALUE);
    }

    /** {@inheritDoc} Ends at the newest durable entry where that is earlier; otherwise as {@link #follow}. */
    @Override
    public Flux<LogEntry> read(LogOffset after, LogOffset through) {
        return entries(after, () -> Math.min(through.value(), head.value()));
    }

    private Flux<LogEntry> entries(LogOffset after, LongSupplier through) {
        return Flux.from(subscriber -> follow(Operators.toCoreSubscriber(subscriber), after, through.getAsLong()));
    }

    private void follow(CoreSubscriber<? super LogEntry> subscriber, LogOffset after, long through) {
        if (followers.size() >= FOLLOWERS_MAX) {
            Operators.error(
                    subscriber,
                    new QuiverException(
                            ErrorCode.RESOURCE_EXHAUSTED, "the log has %d followers".formatted(FOLLOWERS_MAX)));
            return;
        }
        LogOffset first = after.isAfter(truncatedThrough()) ? after : truncatedThrough();
        Follower follower = new Follower(source, subscriber, first, through);
        followers.add(follower);
        subscriber.onSubscribe(follower);
        followerThreads.newThread(follower).start();
    }

    @Override
    public LogOffset head() {
        return head;
    }

    @Override
    public LogOffset head(CollectionId collection) {
        return heads.get(collection);
    }

    @Override
    public LogOffset truncatedThrough() {
        return files.truncatedThrough();
    }

    /** {@inheritDoc} Later, on a thread of its own; the file being written always stays. */
    @Override
    public void truncate(LogOffset through) {
        if (!isClosing) {
            onFiles("log files could not be dropped", () -> {
                files.dropThrough(through);
                heads.dropThrough(files.truncatedThrough());
            });
        }
    }

    /** Writes what waits, then ends all threads. */
    @Override
    public void close() {
        isClosing = true;
        queue.close();
        joinWriter();
        isClosed = true;
        refuseLeftovers();
        if (filesExecutor instanceof ExecutorService service) {
            service.close();
        }
        files.stopRecycling();
        followers.forEach(Follower::wake);
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
            recent.add(entry, sizeBytes);
            heads.put(entry.collection(), entry.offset());
        }

        @Override
        public void appended(LogOffset newHead, int entryCount, long sizeBytes, long forceNanos) {
            head = newHead;
            followers.forEach(Follower::wake);
            listener.appended(entryCount, sizeBytes, forceNanos);
        }

        @Override
        public void rolled() {
            prepareSpare();
        }
    }

    private final class FollowerSource implements Follower.Source {
        @Override
        public long headValue() {
            return head.value();
        }

        @Override
        public @Nullable LogEntry recent(long offset) {
            return recent.get(offset);
        }

        @Override
        public LogCursor cursor() {
            return new LogCursor(files);
        }

        @Override
        public boolean isClosed() {
            return isClosed;
        }

        @Override
        public void ended(Follower follower) {
            followers.remove(follower);
        }
    }
}

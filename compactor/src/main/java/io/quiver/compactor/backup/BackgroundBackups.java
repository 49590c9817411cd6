package io.quiver.compactor.backup;

import io.quiver.compactor.LogRetention;
import io.quiver.executor.BackgroundThreads;
import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.LogOffset;
import io.quiver.log.record.QuiverException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * The backups of a server that works: made by a schedule and when they are asked for, on one thread of their own,
 * {@code backups}, and deleted when they are old. Safe on every thread; nothing here blocks but {@link #close}.
 *
 * <p>What fails is logged, counted and tried again later; the earlier backups stay.
 */
public final class BackgroundBackups implements LogRetention, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BackgroundBackups.class);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofMinutes(5);
    private static final int WAITING_MAX = 8;

    private final BackupSchedule schedule;
    private final Backups backups;
    private final BackupSource source;
    private final InstantSource clock;
    private final BlockingQueue<Request<?>> waiting = new ArrayBlockingQueue<>(WAITING_MAX);
    private final Thread thread;
    private volatile Outcomes outcomes = new Outcomes(0, 0, Duration.ZERO, 0);
    private volatile boolean isClosed;
    private Instant notBefore = Instant.MIN;

    private record Outcomes(long taken, long failed, Duration lastTook, long lastCopiedBytes) {
        Outcomes taken(Duration took, long copiedBytes) {
            return new Outcomes(taken + 1, failed, took, copiedBytes);
        }

        Outcomes failedOnce() {
            return new Outcomes(taken, failed + 1, lastTook, lastCopiedBytes);
        }
    }

    private record Request<T>(Work<T> work, MonoSink<T> sink) {}

    @FunctionalInterface
    private interface Work<T> {
        T run() throws IOException;
    }

    private BackgroundBackups(BackupSchedule schedule, Backups backups, BackupSource source, InstantSource clock) {
        this.schedule = schedule;
        this.backups = backups;
        this.source = source;
        this.clock = clock;
        this.thread = BackgroundThreads.of(Thread.ofPlatform().name("backups")).newThread(this::work);
    }

    /** The source must stay open until {@link #close}. */
    public static BackgroundBackups start(
            BackupSchedule schedule, Backups backups, BackupSource source, InstantSource clock) {
        BackgroundBackups running = new BackgroundBackups(schedule, backups, source, clock);
        running.thread.start();
        return running;
    }

    /** Makes a backup after those that wait. It is made even if nobody waits for it any more. */
    public Mono<BackupManifest> take(BackupKind kind) {
        return ask(() -> takeNow(kind));
    }

    /** Deletes one; false where there is none. */
    public Mono<Boolean> delete(BackupId id) {
        return ask(() -> backups.delete(List.of(id)));
    }

    /** Oldest first, from memory. */
    public List<BackupManifest> list() {
        return backups.known();
    }

    public BackupStats stats() {
        Outcomes now = outcomes;
        List<BackupManifest> stored = backups.known();
        return new BackupStats(
                now.taken(),
                now.failed(),
                stored.size(),
                now.lastTook(),
                now.lastCopiedBytes(),
                stored.isEmpty() ? 0 : stored.getLast().sizeBytes(),
                stored.isEmpty() ? null : stored.getLast().createdAt());
    }

    @Override
    public LogOffset droppableThrough() {
        return source.log().sizeBytes() > schedule.logBytesMax()
                ? LogRetention.NONE.droppableThrough()
                : backups.droppableThrough();
    }

    private <T> Mono<T> ask(Work<T> work) {
        return Mono.create(sink -> {
            if (!waiting.offer(new Request<>(work, sink))) {
                sink.error(new QuiverException(ErrorCode.UNAVAILABLE, "Too many backups wait"));
            }
            if (isClosed) {
                refuseAll();
            }
        });
    }

    private void refuseAll() {
        for (Request<?> request = waiting.poll(); request != null; request = waiting.poll()) {
            request.sink().error(closed());
        }
    }

    private static QuiverException closed() {
        return new QuiverException(ErrorCode.UNAVAILABLE, "The server is about to end");
    }

    // On the thread of backups.

    private void work() {
        while (!isClosed) {
            try {
                Request<?> request = waiting.poll(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
                if (request == null) {
                    takeWhatIsDue();
                } else {
                    answer(request);
                }
            } catch (InterruptedException _) {
                break;
            }
        }
        refuseAll();
    }

    private <T> void answer(Request<T> request) {
        try {
            request.sink().success(request.work().run());
        } catch (Throwable failure) {
            request.sink().error(failure);
        }
    }

    private void takeWhatIsDue() {
        Instant now = clock.instant();
        if (now.isBefore(notBefore)) {
            return;
        }
        schedule.due(backups.known(), now, source.log().sizeBytes()).ifPresent(kind -> {
            try {
                takeNow(kind);
                backups.delete(schedule.expired(backups.known(), now).stream()
                        .map(BackupManifest::id)
                        .toList());
            } catch (IOException | RuntimeException | Error told) {
                LOG.debug("Backups go on", told);
            }
        });
    }

    private BackupManifest takeNow(BackupKind kind) throws IOException {
        Instant begin = clock.instant();
        try {
            Backups.Taken taken = backups.take(source, kind, this::refuseToGoOn);
            outcomes = outcomes.taken(Duration.between(begin, clock.instant()), taken.copiedBytes());
            LOG.info(
                    "Backup {} up to log entry {}: {} bytes copied",
                    taken.manifest().id(),
                    taken.manifest().offset(),
                    taken.copiedBytes());
            return taken.manifest();
        } catch (Throwable failure) {
            failed(begin, failure);
            throw failure;
        }
    }

    private void failed(Instant begin, Throwable failure) {
        if (isClosed) {
            LOG.info("The backup under way was given up, for the server ends");
            return;
        }
        outcomes = outcomes.failedOnce();
        notBefore = begin.plus(PAUSE_AFTER_FAILURE);
        LOG.error("A backup could not be made; the earlier ones are as they were", failure);
    }

    private void refuseToGoOn(String what, long bytesDone, long bytesTotal) {
        if (isClosed) {
            throw closed();
        }
    }

    /** Gives up the backup under way, of which nothing remains. */
    @Override
    public void close() {
        isClosed = true;
        try {
            thread.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}

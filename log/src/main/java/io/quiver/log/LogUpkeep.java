package io.quiver.log;

import io.quiver.log.record.LogOffset;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The work on files that no write waits for: the next one is prepared ahead, old ones are dropped. It changes nothing
 * of what is durable, so that its failure is no more than a warning.
 *
 * <p>Safe on every thread; the work itself is done by the executor, which is ended here where it has an end.
 */
final class LogUpkeep {
    private static final Logger LOG = LoggerFactory.getLogger(LogUpkeep.class);

    /** How long to wait before asking a full disk again. */
    private static final long PREPARE_AGAIN_NANOS = Duration.ofSeconds(1).toNanos();

    private final SpareFiles spares;
    private final LogFiles files;
    private final CollectionHeads heads;
    private final Executor executor;
    private final LongSupplier nanos;
    private final AtomicLong preparedAtNanos;

    LogUpkeep(SpareFiles spares, LogFiles files, CollectionHeads heads, LogPacing pacing) {
        this.spares = spares;
        this.files = files;
        this.heads = heads;
        this.executor = pacing.files();
        this.nanos = pacing.nanos();
        this.preparedAtNanos = new AtomicLong(nanos.getAsLong());
    }

    /** Asks the disk again while it is full, but not for every write. */
    boolean isDiskFull() {
        boolean isFull = spares.isDiskFull();
        if (isFull) {
            prepareSpareAgain();
        }
        return isFull;
    }

    private void prepareSpareAgain() {
        long last = preparedAtNanos.get();
        long now = nanos.getAsLong();
        if (now - last > PREPARE_AGAIN_NANOS && preparedAtNanos.compareAndSet(last, now)) {
            prepareSpare();
        }
    }

    void prepareSpare() {
        run("no log file could be prepared", spares::prepare);
    }

    /** Drops the files whose entries are all at or before {@code through}, and what is known of them. */
    void dropThrough(LogOffset through) {
        run("log files could not be dropped", () -> {
            files.dropThrough(through);
            heads.dropThrough(files.truncatedThrough());
        });
    }

    private interface FileWork {
        void run() throws IOException;
    }

    private void run(String ifItFails, FileWork work) {
        executor.execute(() -> {
            try {
                work.run();
            } catch (IOException | RuntimeException e) {
                LOG.warn("{}: {}", ifItFails, e.toString());
            }
        });
    }

    /** Waits for the work that is queued. */
    void close() {
        if (executor instanceof ExecutorService service) {
            service.close();
        }
    }
}

package io.quiver.compactor;

import io.quiver.executor.BackgroundThreads;
import io.quiver.executor.CollectionDebt;
import io.quiver.executor.CompactionSource;
import io.quiver.executor.FoldInput;
import io.quiver.executor.segment.CorruptSegmentException;
import io.quiver.executor.segment.ReadPace;
import io.quiver.log.LocalLog;
import io.quiver.log.LogGap;
import io.quiver.log.catalog.SqliteCatalog;
import io.quiver.log.record.CollectionId;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the files of the catalog, of the log and of published segments again and again, at a bounded rate, and compares
 * their checksums: disks forget, and what nobody reads nobody misses until it is too late. A damaged file of the
 * catalog is made again from the other one. What a damaged log held is still in memory: it is compacted, so that no
 * start needs it ({@link LogRescue}). A collection with a damaged segment is stopped, a damaged graph is left and built
 * again.
 *
 * <p>One thread of low priority, which holds one collection's segments at a time. Nothing ends it but {@link #close},
 * which comes before the executor's.
 */
public final class Scrubber implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Scrubber.class);

    private final ScrubSettings settings;
    private final CompactionSource source;
    private final SqliteCatalog catalog;
    private final LocalLog log;
    private final LogRescue rescue;
    private final Integrity integrity;
    private final LongAdder rounds = new LongAdder();
    private final LongAdder bytes = new LongAdder();
    private final LongAdder damaged = new LongAdder();
    private final LongAdder damagedLog = new LongAdder();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;

    private Scrubber(
            ScrubSettings settings, CompactionSource source, SqliteCatalog catalog, LocalLog log, Compactor compactor) {
        this.settings = settings;
        this.source = source;
        this.catalog = catalog;
        this.log = log;
        this.rescue = new LogRescue(source, compactor, log);
        this.integrity = new Integrity(source);
        this.thread = BackgroundThreads.of(Thread.ofPlatform().name("scrubber").daemon())
                .newThread(this::work);
    }

    /** Begins to read, unless the settings say not to. */
    public static Scrubber start(
            ScrubSettings settings, CompactionSource source, SqliteCatalog catalog, LocalLog log, Compactor compactor) {
        Scrubber scrubber = new Scrubber(settings, source, catalog, log, compactor);
        if (settings.bytesPerSecond() > 0) {
            scrubber.thread.start();
        }
        return scrubber;
    }

    public ScrubStats stats() {
        return new ScrubStats(rounds.sum(), bytes.sum(), damaged.sum(), damagedLog.sum());
    }

    // On the scrubbing thread.

    private void work() {
        do {
            scrubCatalog();
            scrubLog();
            for (CollectionDebt debt : source.debts()) {
                scrub(debt.collection());
            }
            rounds.increment();
        } while (!isClosedWithin(settings.every().toNanos()));
    }

    private void scrubCatalog() {
        try {
            catalog.scrub(new Pace()::willRead);
        } catch (GivenUpException _) {
            LOG.debug("The scrubber ends");
        } catch (IOException | RuntimeException failure) {
            LOG.error("The catalog is damaged or could not be compared with its checksums", failure);
        }
    }

    private void scrubLog() {
        try {
            List<LogGap> gaps = log.scrub(new Pace()::willRead);
            gaps.forEach(gap -> LOG.error("The log is damaged: {}", gap.reason()));
            damagedLog.add(gaps.size());
            if (!gaps.isEmpty()) {
                rescue.rescue(gaps);
            }
        } catch (GivenUpException _) {
            LOG.debug("The scrubber ends");
        } catch (IOException | RuntimeException failure) {
            LOG.error("The log could not be compared with its checksums", failure);
        }
    }

    private void scrub(CollectionId collection) {
        try {
            Optional<FoldInput> held = source.holdPublished(collection);
            if (held.isPresent() && !isClosedWithin(0)) {
                scrub(collection, held.get());
            }
        } catch (GivenUpException _) {
            LOG.debug("The scrubber ends");
        } catch (CorruptSegmentException damage) {
            LOG.error("Collection {} has a damaged file: {}", collection, damage.getMessage());
            damaged.increment();
        } catch (IOException | RuntimeException failure) {
            LOG.warn("Files of collection {} could not be compared with their checksums", collection, failure);
        }
    }

    private void scrub(CollectionId collection, FoldInput published) throws IOException {
        try (published) {
            integrity.require(collection, published.sealed(), new Pace());
        }
    }

    private boolean isClosedWithin(long nanos) {
        try {
            return closing.await(nanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    /** Waits at each read for as long as it should take. */
    private final class Pace implements ReadPace {
        @Override
        public void willRead(long next) {
            bytes.add(next);
            long nanos = (long) (next * 1e9 / settings.bytesPerSecond());
            if (isClosedWithin(nanos)) {
                throw new GivenUpException();
            }
        }
    }

    @Override
    public void close() {
        closing.countDown();
        try {
            thread.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}

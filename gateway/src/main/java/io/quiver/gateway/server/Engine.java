package io.quiver.gateway.server;

import io.quiver.compactor.BackgroundCompactor;
import io.quiver.compactor.CompactorSettings;
import io.quiver.compactor.DirectoryCheck;
import io.quiver.compactor.GraphSettings;
import io.quiver.compactor.LogRetention;
import io.quiver.compactor.Scrubber;
import io.quiver.compactor.backup.BackgroundBackups;
import io.quiver.compactor.backup.BackupSource;
import io.quiver.compactor.backup.Backups;
import io.quiver.executor.ExecutorSettings;
import io.quiver.executor.LocalExecutor;
import io.quiver.executor.QueryExecutor;
import io.quiver.executor.query.SearchStage;
import io.quiver.executor.query.StageListener;
import io.quiver.executor.segment.LocalSegmentStore;
import io.quiver.executor.segment.OffHeapBudget;
import io.quiver.executor.text.Bm25Fields;
import io.quiver.flight.FlightMemory;
import io.quiver.flight.link.InProcessLink;
import io.quiver.gateway.http.Snapshots;
import io.quiver.gateway.server.configuration.SegmentConfiguration;
import io.quiver.gateway.server.configuration.ServerConfiguration;
import io.quiver.gateway.trace.SlowQueryLog;
import io.quiver.log.CorruptLogException;
import io.quiver.log.LocalLog;
import io.quiver.log.LogSettings;
import io.quiver.log.RecordWriter;
import io.quiver.log.catalog.SqliteCatalog;
import io.quiver.log.storage.DirectoryLock;
import io.quiver.log.storage.Storage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/**
 * What is behind the doors: storage, catalog, log, executor, compactor, and the link to the executor.
 *
 * @param executor for its figures; questions go over {@code link}
 * @param link the way of every question
 * @param snapshots the backups, where there is a place for them
 */
record Engine(
        SqliteCatalog catalog,
        LocalLog log,
        RecordWriter writer,
        LocalExecutor executor,
        QueryExecutor link,
        BackgroundCompactor compactor,
        FlightMemory flightMemory,
        Snapshots snapshots) {
    /** Opens everything on the data directory; what is in the log alone may still have to be applied. */
    static Engine open(ServerConfiguration configuration, StorageOpener storage, ServerMeters meters, OpenParts parts) {
        try {
            Path directory = configuration.dataDirectory();
            return open(storage.open(directory), directory, configuration, meters, parts);
        } catch (CorruptLogException damage) {
            throw new StartException(
                    "cannot open %s: %s. `quiver repair` puts back what a backup has of this file"
                            .formatted(configuration.dataDirectory(), damage.getMessage()),
                    damage);
        } catch (IOException failure) {
            throw new StartException(
                    "cannot open %s: %s".formatted(configuration.dataDirectory(), failure.getMessage()), failure);
        }
    }

    /** Blocks until what was in the log has been applied. */
    void awaitApplied() {
        executor.caughtUp().block();
    }

    private static Engine open(
            Storage storage, Path directory, ServerConfiguration configuration, ServerMeters meters, OpenParts parts)
            throws IOException {
        SegmentConfiguration limits = configuration.segments();
        parts.add("directory lock", DirectoryLock.acquire(directory));
        requireCatalog(storage, directory);
        SqliteCatalog catalog = parts.add(
                "catalog", SqliteCatalog.open(directory, configuration.limits().catalog(), configuration.quotas()));
        LocalLog log = parts.add(
                "log",
                LocalLog.open(
                        storage,
                        DirectoryCheck.LOG_DIRECTORY,
                        LogSettings.DEFAULT,
                        (entries, bytes, forceNanos) -> meters.forced(Duration.ofNanos(forceNanos))));
        var budget = new OffHeapBudget(limits.offHeapBytesMax());
        var slow = new SlowQueryLog(configuration.logging().slowQueries());
        var store = new LocalSegmentStore(storage, budget);
        LocalExecutor executor = parts.add(
                "executor",
                LocalExecutor.open(executorSettings(configuration), log, catalog, store, budget, stages(meters, slow)));
        Optional<BackgroundBackups> backups =
                backups(configuration, new BackupSource(storage, directory, catalog, log, store), meters, parts);
        BackgroundCompactor compactor = parts.add(
                "compactor",
                BackgroundCompactor.startFolding(
                        compactorSettings(limits),
                        executor,
                        log,
                        catalog,
                        store,
                        backups.<LogRetention>map(running -> running).orElse(LogRetention.NONE)));
        Scrubber scrubber = parts.add("scrubber", Scrubber.start(limits.scrub(), executor, catalog, log, compactor));
        FlightMemory memory = parts.add("flight memory", FlightMemory.limitedTo(limits.flightBytesMax()));
        InProcessLink link = parts.add("executor link", InProcessLink.to(executor, meters::spent));
        new CatalogMeters(catalog).bindTo(meters.registry());
        new QuotaMeters(catalog.quotaRefusals()).bindTo(meters.registry());
        new EngineMeters(log, executor, compactor, scrubber, budget, memory).bindTo(meters.registry());
        var writer = new RecordWriter(
                catalog,
                log,
                link,
                configuration.limits().records(),
                executor,
                new Bm25Fields(),
                (operationCount, nanos) -> meters.acknowledged(operationCount, Duration.ofNanos(nanos)));
        return new Engine(
                catalog,
                log,
                writer,
                executor,
                new TimedExecutor(link, meters, slow, catalog.quotaRefusals()),
                compactor,
                memory,
                backups.<Snapshots>map(ServerSnapshots::new).orElse(Snapshots.NONE));
    }

    /** The catalog is made before all else: without one, what else there is would be taken for what nobody needs. */
    private static void requireCatalog(Storage storage, Path directory) throws IOException {
        boolean isUsed = !storage.list(DirectoryCheck.LOG_DIRECTORY).isEmpty()
                || !storage.list("segments").isEmpty();
        if (isUsed && !SqliteCatalog.exists(directory)) {
            throw new IOException("there is a log, or segments, and no catalog: both of its files are missing."
                    + " `quiver restore` makes the directory again from backups");
        }
    }

    /** Tells the meters of every search, and wants slow ones explained. */
    private static StageListener stages(ServerMeters meters, SlowQueryLog slow) {
        return new StageListener() {
            @Override
            public void spent(SearchStage stage, long nanos) {
                meters.spent(stage, nanos);
            }

            @Override
            public long explainedAfterNanos() {
                return slow.thresholdNanos();
            }
        };
    }

    private static Optional<BackgroundBackups> backups(
            ServerConfiguration configuration, BackupSource source, ServerMeters meters, OpenParts parts)
            throws IOException {
        Optional<Path> directory = configuration.backups().directory();
        if (directory.isEmpty()) {
            return Optional.empty();
        }
        BackgroundBackups running = parts.add(
                "backups",
                BackgroundBackups.start(
                        configuration.backups().schedule(),
                        Backups.in(directory.get()),
                        source,
                        InstantSource.system()));
        new BackupMeters(running).bindTo(meters.registry());
        return Optional.of(running);
    }

    private static ExecutorSettings executorSettings(ServerConfiguration configuration) {
        SegmentConfiguration limits = configuration.segments();
        return ExecutorSettings.DEFAULT
                .withSearchThreads(configuration.searchThreads())
                .withDeltaMax(limits.deltaRowsMax(), limits.deltaBytesMax())
                .withVerifiedBytesMax(limits.verifiedBytesMax())
                .withHistory(limits.history())
                .withRecallSampleEvery(configuration.recallSampleEvery());
    }

    private static CompactorSettings compactorSettings(SegmentConfiguration limits) {
        CompactorSettings common = CompactorSettings.DEFAULT;
        return new CompactorSettings(
                limits.unsealedAgeMax(),
                common.lookEvery(),
                common.fanIn(),
                common.smallRows(),
                common.endedShareMax(),
                common.mergeRowsMax(),
                limits.restBeforeMerge(),
                common.retryAfterMin(),
                common.retryAfterMax(),
                common.storageFullPause(),
                common.requestsMax(),
                new GraphSettings(
                        limits.graphRowsMin(),
                        limits.graphBuildThreads(),
                        limits.graphRecallFloor(),
                        limits.graphForm()));
    }
}

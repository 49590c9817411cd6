package io.quiver.compactor;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.executor.CollectionDebt;
import io.quiver.executor.Eventually;
import io.quiver.executor.ExecutorFixture;
import io.quiver.executor.ExecutorSettings;
import io.quiver.log.record.CollectionId;
import io.quiver.log.storage.Storage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An executor with a compactor, in a directory of the test, which is checked in the end; what it opened it closes. */
final class CompactorFixture implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Folds when it is told to, or when a delta has been sealed; segments of a few rows have tiers, and no graphs. */
    static final CompactorSettings SMALL = new CompactorSettings(
            Duration.ofHours(1),
            Duration.ofMillis(20),
            4,
            16,
            0.3,
            1_000_000,
            Duration.ZERO,
            Duration.ofMillis(10),
            Duration.ofMillis(100),
            Duration.ofHours(1),
            16,
            new GraphSettings(Integer.MAX_VALUE, 2, 0.9));

    /** Segments of a few dozen rows get graphs. */
    static final GraphSettings GRAPHS = new GraphSettings(GraphSettings.ROWS_MIN, 2, 0.9);

    private final GraphPolicy policy;
    private final RestPolicy rest;
    /** The directory on the disk that the test is to leave sound. */
    private final @Nullable Path checked;

    private boolean isToBeSound = true;
    final ExecutorFixture quiver;
    final BackgroundCompactor compactor;

    private CompactorFixture(ExecutorFixture quiver, CompactorSettings settings) {
        this(null, quiver, settings, LogRetention.NONE);
    }

    private CompactorFixture(
            @Nullable Path checked, ExecutorFixture quiver, CompactorSettings settings, LogRetention retention) {
        this.checked = checked;
        this.quiver = quiver;
        this.policy = new GraphPolicy(settings.graphs(), new TierPolicy(SMALL));
        this.rest = new RestPolicy(settings, policy);
        this.compactor = BackgroundCompactor.start(
                settings, quiver.executor, quiver.log, quiver.catalog, quiver.store, retention);
    }

    static CompactorFixture openRetaining(Path directory, ExecutorSettings settings, LogRetention retention)
            throws IOException {
        return new CompactorFixture(directory, ExecutorFixture.open(directory, settings), with(GRAPHS), retention);
    }

    static CompactorFixture open(Path directory, ExecutorSettings settings) throws IOException {
        return new CompactorFixture(directory, ExecutorFixture.open(directory, settings), SMALL, LogRetention.NONE);
    }

    static CompactorFixture openWithGraphs(Path directory, ExecutorSettings settings, GraphSettings graphs)
            throws IOException {
        return new CompactorFixture(
                directory, ExecutorFixture.open(directory, settings), with(graphs), LogRetention.NONE);
    }

    static CompactorFixture openWithGraphs(Storage storage, Path catalogDirectory, ExecutorSettings settings)
            throws IOException {
        return new CompactorFixture(ExecutorFixture.open(storage, catalogDirectory, settings), with(GRAPHS));
    }

    /** Merges whatever has been folded, as if nobody had written for long. */
    static CompactorFixture openResting(
            Storage storage, Path catalogDirectory, ExecutorSettings settings, GraphSettings graphs)
            throws IOException {
        return new CompactorFixture(
                ExecutorFixture.open(storage, catalogDirectory, settings), with(graphs, Duration.ofNanos(1)));
    }

    private static CompactorSettings with(GraphSettings graphs) {
        return with(graphs, SMALL.restBeforeMerge());
    }

    private static CompactorSettings with(GraphSettings graphs, Duration restBeforeMerge) {
        return new CompactorSettings(
                SMALL.unsealedAgeMax(),
                SMALL.lookEvery(),
                SMALL.fanIn(),
                SMALL.smallRows(),
                SMALL.endedShareMax(),
                SMALL.mergeRowsMax(),
                restBeforeMerge,
                SMALL.retryAfterMin(),
                SMALL.retryAfterMax(),
                SMALL.storageFullPause(),
                SMALL.requestsMax(),
                graphs);
    }

    static CompactorFixture open(Storage storage, Path catalogDirectory, ExecutorSettings settings) throws IOException {
        return new CompactorFixture(ExecutorFixture.open(storage, catalogDirectory, settings), SMALL);
    }

    /** Waits until nothing is to be done about graphs, or something has failed. */
    void awaitGraphs() {
        Eventually.await(
                () -> !isBuildingGraphs() || compactor.stats().graphs().failures() > 0,
                () -> "no graph: " + compactor.stats());
    }

    private boolean isBuildingGraphs() {
        List<CollectionDebt> debts = quiver.executor.debts();
        return policy.waiting(debts) > 0
                || rest.waiting(debts, _ -> false) > 0
                || compactor.stats().graphs().waiting() > 0
                || compactor.stats().graphs().resting() > 0;
    }

    /** Reads all files once; returns what was found. */
    ScrubStats scrub() {
        ScrubSettings fast = new ScrubSettings(1L << 40, ScrubSettings.DEFAULT.every());
        try (Scrubber scrubber = Scrubber.start(fast, quiver.executor, quiver.catalog, quiver.log, compactor)) {
            Eventually.await(() -> scrubber.stats().rounds() > 0, () -> "nothing was read: " + scrubber.stats());
            return scrubber.stats();
        }
    }

    void compact(CollectionId collection) {
        compactor.compactNow(collection).block(PATIENCE);
    }

    @Override
    public void close() {
        compactor.close();
        quiver.close();
        if (checked != null && isToBeSound) {
            requireSound(checked);
        }
    }

    /** The test damages the directory itself. */
    void damagedByTheTest() {
        isToBeSound = false;
    }

    private static void requireSound(Path directory) {
        try {
            CheckReport report = DirectoryCheck.run(directory, (_, _, _) -> {});
            assertTrue(report.isSound(), () -> "left behind damaged: " + report.findings());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}

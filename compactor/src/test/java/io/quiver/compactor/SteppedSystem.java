package io.quiver.compactor;

import io.quiver.executor.ExecutorFixture;
import io.quiver.log.LogPacing;
import io.quiver.log.record.CollectionId;
import io.quiver.log.storage.Storage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;

/**
 * An executor whose collections are folded by whoever asks, on the asking thread, and a log that does nothing by
 * itself.
 */
final class SteppedSystem implements AutoCloseable {
    private static final int DELTA_ROWS = 30;

    final ExecutorFixture quiver;
    private final Folding folding;

    SteppedSystem(Storage storage, Path catalog, SteppedClock clock, Random random) throws IOException {
        this.quiver = ExecutorFixture.open(
                storage,
                catalog,
                ExecutorFixture.smallDeltas(DELTA_ROWS),
                clock,
                new LogPacing(Runnable::run, clock, clock::jumpingMillis),
                () -> new UUID(random.nextLong(), random.nextLong()));
        this.folding = new Folding(
                quiver.executor,
                quiver.log,
                quiver.catalog,
                quiver.store,
                LogRetention.NONE,
                new TierPolicy(CompactorFixture.SMALL),
                new Garbage(quiver.store),
                new ReentrantLock());
    }

    void compact(CollectionId collection) throws Exception {
        folding.fold(collection, true, (_, _, _) -> {});
        folding.truncateLog();
    }

    @Override
    public void close() {
        quiver.close();
    }
}

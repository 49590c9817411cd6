package io.quiver.compactor.backup;

import io.quiver.executor.ExecutorSettings;
import io.quiver.executor.LocalExecutor;
import io.quiver.executor.QueryExecutor;
import io.quiver.executor.segment.OffHeapBudget;
import io.quiver.log.catalog.Catalog;
import java.io.IOException;
import java.nio.file.Path;

/** A restored directory, open as a server would have it, but for doors and a compactor. */
final class DrillSystem implements AutoCloseable {
    private final StoppedDirectory directory;
    private final LocalExecutor executor;

    private DrillSystem(StoppedDirectory directory, LocalExecutor executor) {
        this.directory = directory;
        this.executor = executor;
    }

    /** Returns when everything can be asked for. */
    static DrillSystem open(Path path) throws IOException {
        StoppedDirectory directory = StoppedDirectory.open(path);
        try {
            BackupSource parts = directory.source();
            LocalExecutor executor = LocalExecutor.open(
                    ExecutorSettings.DEFAULT,
                    parts.log(),
                    parts.catalog(),
                    parts.segments(),
                    new OffHeapBudget(Long.MAX_VALUE));
            executor.caughtUp().block();
            return new DrillSystem(directory, executor);
        } catch (Throwable failure) {
            directory.close();
            throw failure;
        }
    }

    QueryExecutor executor() {
        return executor;
    }

    Catalog catalog() {
        return directory.source().catalog();
    }

    @Override
    public void close() throws IOException {
        executor.close();
        directory.close();
    }
}

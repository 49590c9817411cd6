package io.quiver.compactor;

import io.quiver.compactor.backup.BackupKind;
import io.quiver.compactor.backup.BackupManifest;
import io.quiver.compactor.backup.BackupPath;
import io.quiver.compactor.backup.BackupSource;
import io.quiver.compactor.backup.Backups;
import io.quiver.compactor.backup.Progress;
import io.quiver.compactor.backup.Restore;
import io.quiver.compactor.backup.RestorePoint;
import io.quiver.executor.ExecutorFixture;
import io.quiver.executor.segment.LocalSegmentStore;
import io.quiver.log.record.CollectionId;
import io.quiver.log.record.LogOffset;
import io.quiver.log.record.Operation;
import io.quiver.log.storage.DiskStorage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/** A system that is backed up, the history of all writes to it, and what it should have held at any offset. */
final class BackupFixture implements AutoCloseable {
    private static final int DELTA_ROWS = 100;

    final CompactorFixture system;
    final Backups backups;
    private final Path store;
    private final Map<Long, Write> history = new ConcurrentSkipListMap<>();

    private record Write(CollectionId collection, List<Operation> operations) {}

    private BackupFixture(Path directory) throws IOException {
        this.store = directory.resolve("backups");
        this.backups = Backups.in(store);
        this.system = CompactorFixture.openRetaining(
                directory.resolve("data"), ExecutorFixture.smallDeltas(DELTA_ROWS), backups::droppableThrough);
    }

    static BackupFixture open(Path directory) throws IOException {
        return new BackupFixture(directory);
    }

    LogOffset write(CollectionId collection, List<Operation> operations) {
        LogOffset offset = system.quiver.write(collection, operations);
        history.put(offset.value(), new Write(collection, operations));
        return offset;
    }

    BackupManifest backUp(BackupKind kind) throws IOException {
        return backups.take(source(system), kind, Progress.NONE).manifest();
    }

    static BackupSource source(CompactorFixture system) {
        DiskStorage storage = (DiskStorage) system.quiver.storage;
        return new BackupSource(storage, storage.root(), system.quiver.catalog, system.quiver.log, (LocalSegmentStore)
                system.quiver.store);
    }

    Restore.Report restore(RestorePoint point, Path directory) throws IOException {
        return Restore.run(BackupPath.of(store), directory, point, Progress.NONE);
    }

    Restore.Report restore(BackupManifest backup, Path directory) throws IOException {
        return Restore.run(
                BackupPath.of(store.resolve(backup.id().text())), directory, new RestorePoint.End(), Progress.NONE);
    }

    /** What a collection held when an entry was the newest. */
    ModelCollection model(CollectionId collection, LogOffset through) {
        ModelCollection model = new ModelCollection();
        history.forEach((offset, write) -> {
            if (offset <= through.value() && write.collection().equals(collection)) {
                model.apply(write.operations());
            }
        });
        return model;
    }

    @Override
    public void close() {
        system.close();
    }
}

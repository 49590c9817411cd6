package io.quiver.compactor.backup;

import io.quiver.executor.CollectionShape;
import io.quiver.log.RecoveryReport;
import io.quiver.log.catalog.Collection;
import io.quiver.log.catalog.Manifest;
import io.quiver.log.catalog.SqliteCatalog;
import io.quiver.log.record.LogOffset;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Mends the segments of one collection, or lets it begin again from the log where that has everything. Belongs to one
 * thread.
 */
final class CollectionRepair {
    private final Collection collection;
    private final SqliteCatalog catalog;
    private final SegmentRepair segments;
    private final Aside aside;
    private final RecoveryReport log;
    private final Consumer<String> saved;
    private final Consumer<String> lost;

    CollectionRepair(
            Collection collection,
            SqliteCatalog catalog,
            SegmentRepair segments,
            Aside aside,
            RecoveryReport log,
            Consumer<String> saved,
            Consumer<String> lost) {
        this.collection = collection;
        this.catalog = catalog;
        this.segments = segments;
        this.aside = aside;
        this.log = log;
        this.saved = saved;
        this.lost = lost;
    }

    void run() throws IOException {
        Manifest manifest = catalog.manifest(collection.id()).blockOptional().orElse(Manifest.EMPTY);
        if (manifest.segments().isEmpty() || collection.dimension() == null) {
            return;
        }
        List<String> damage = new ArrayList<>();
        for (Manifest.Segment entry : manifest.segments()) {
            String left = segments.mend(CollectionShape.of(collection), entry);
            if (left != null) {
                damage.add(left);
            }
        }
        if (!damage.isEmpty()) {
            beginAgain(manifest, damage);
        }
    }

    private void beginAgain(Manifest manifest, List<String> damage) throws IOException {
        boolean isAllInLog = log.gaps().isEmpty()
                && log.truncatedThrough().equals(LogOffset.NONE)
                && Boolean.FALSE.equals(catalog.isFork(collection.id()).block());
        if (!isAllInLog) {
            damage.forEach(
                    one -> lost.accept("%s. No backup has this file, and the log not every write".formatted(one)));
            return;
        }
        for (Manifest.Segment entry : manifest.segments()) {
            aside.move("segments/%s/%s".formatted(collection.id(), entry.name()));
        }
        catalog.publish(collection.id(), new Manifest(manifest.version() + 1, LogOffset.NONE, List.of()))
                .block();
        saved.accept("collection %s ('%s') is applied again from the log, which has all of its writes: %s"
                .formatted(collection.id(), collection.name(), String.join("; ", damage)));
    }
}

package io.quiver.compactor;

import io.quiver.executor.CompactionSource;
import io.quiver.executor.FoldInput;
import io.quiver.executor.HeldSegments;
import io.quiver.executor.segment.Segment;
import io.quiver.executor.segment.SegmentStore;
import io.quiver.log.catalog.Catalog;
import io.quiver.log.catalog.Manifest;
import io.quiver.log.record.CollectionId;
import io.quiver.log.record.LogOffset;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Lock;
import java.util.stream.Collectors;

/**
 * Puts merged segments in the place of those that they were written from, in a manifest that has moved on since.
 *
 * <p>What ended meanwhile is carried over in two steps: up to the offset of the manifest that is replaced here, into a
 * tombstone file that the new manifest names; after that by the applying thread, as with every adoption.
 */
final class MergePublication {
    private final CompactionSource source;
    private final Catalog catalog;
    private final SegmentStore store;
    private final Garbage garbage;
    private final Lock oneFold;

    /** @param oneFold held by whoever publishes, and by folds for as long as they take */
    MergePublication(CompactionSource source, Catalog catalog, SegmentStore store, Garbage garbage, Lock oneFold) {
        this.source = source;
        this.catalog = catalog;
        this.store = store;
        this.garbage = garbage;
        this.oneFold = oneFold;
    }

    /**
     * Waits for the fold under way; takes {@code fresh} from the caller in any case.
     *
     * @param fresh empty where no row of the sources was left
     * @return false where the collection has left some of the sources meanwhile
     */
    boolean publish(HeldSegments sources, Optional<Merge.Fresh> fresh) throws IOException {
        oneFold.lock();
        try {
            Optional<FoldInput> now = source.holdPublished(sources.shape().id());
            if (now.isEmpty() || !sources.areWanted()) {
                now.ifPresent(FoldInput::close);
                fresh.ifPresent(Merge.Fresh::discard);
                return false;
            }
            try (FoldInput input = now.get()) {
                return publish(sources, fresh, input);
            }
        } finally {
            oneFold.unlock();
        }
    }

    private boolean publish(HeldSegments sources, Optional<Merge.Fresh> fresh, FoldInput input) throws IOException {
        Manifest next;
        boolean isPublished;
        try {
            next = next(sources, fresh, input);
            isPublished = Publication.publish(catalog, input.shape().id(), next);
        } catch (IOException | RuntimeException failure) {
            fresh.ifPresent(written -> written.segment().release());
            throw failure;
        }
        if (isPublished) {
            source.adopt(input, next, fresh.stream().map(Merge.Fresh::segment).toList())
                    .block();
            garbage.collect(input, next);
        } else {
            fresh.ifPresent(Merge.Fresh::discard);
        }
        return isPublished;
    }

    private Manifest next(HeldSegments sources, Optional<Merge.Fresh> fresh, FoldInput input) throws IOException {
        Set<String> replaced = sources.segments().stream().map(Segment::name).collect(Collectors.toSet());
        List<Manifest.Segment> entries = new ArrayList<>(input.manifest().segments());
        entries.removeIf(entry -> replaced.contains(entry.name()));
        if (fresh.isPresent()) {
            carryTombstones(sources, fresh.get().segment(), input.through().value());
            entries.add(withTombstones(
                    input.shape().id(), fresh.get(), input.through().value()));
        }
        return new Manifest(input.manifest().version() + 1, input.through(), entries);
    }

    /** A record has one live row at the offset that was merged, and so one row in the fresh segment. */
    private static void carryTombstones(HeldSegments sources, Segment fresh, long through) {
        for (Segment segment : sources.segments()) {
            for (int row = 0; row < segment.rowCount(); row++) {
                long endedAt = segment.tombstones().endedAt(row);
                if (endedAt > sources.through().value() && endedAt <= through) {
                    fresh.tombstones().end(fresh.rowOf(segment.id(row)), new LogOffset(endedAt));
                }
            }
        }
    }

    private Manifest.Segment withTombstones(CollectionId collection, Merge.Fresh fresh, long through)
            throws IOException {
        Manifest.Segment entry = fresh.entry();
        int endedCount = fresh.segment().tombstones().count();
        String file = endedCount == 0 ? null : store.writeTombstones(collection, fresh.segment(), through);
        return new Manifest.Segment(entry.name(), entry.rowCount(), entry.sizeBytes(), file, endedCount);
    }
}

package io.quiver.executor;

import io.quiver.executor.segment.OffHeapBudget;
import io.quiver.executor.segment.Segment;
import io.quiver.executor.segment.SegmentStore;
import io.quiver.log.Log;
import io.quiver.log.LogEntry;
import io.quiver.log.LogGap;
import io.quiver.log.catalog.Catalog;
import io.quiver.log.catalog.Collection;
import io.quiver.log.catalog.Manifest;
import io.quiver.log.record.CollectionId;
import io.quiver.log.record.LogOffset;
import io.quiver.log.record.QuiverException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

/**
 * What happens to collections: they are opened, written to, compacted, forked, found damaged and dropped.
 *
 * <p>Belongs to the applying thread, which may wait for the disk and the catalog; {@link LiveCollections} is what the
 * other threads see of it.
 */
final class CollectionChanges {
    private static final Logger LOG = LoggerFactory.getLogger(CollectionChanges.class);

    private final LiveCollections live;
    private final History history;
    private final DeltaLimits deltas;
    private final Catalog catalog;
    private final SealedFiles files;
    private final OffHeapBudget budget;
    private final Applier applier;
    private final SegmentWarmer warmer;
    private final Sinks.Many<CollectionId> sealed = Sinks.many().multicast().directBestEffort();

    CollectionChanges(
            LiveCollections live,
            History history,
            ExecutorSettings settings,
            Catalog catalog,
            SegmentStore store,
            OffHeapBudget budget,
            Applier applier,
            SegmentWarmer warmer) {
        this.live = live;
        this.history = history;
        this.deltas = settings.deltas();
        this.catalog = catalog;
        this.files = new SealedFiles(store, settings.verifiedBytesMax());
        this.budget = budget;
        this.applier = applier;
        this.warmer = warmer;
    }

    /** Ticks when a delta has been sealed. */
    Flux<CollectionId> sealed() {
        return sealed.asFlux();
    }

    /** Opens what the catalog has, deletes the files of what it has not. */
    void open(LogOffset logHead, List<LogGap> gaps) {
        List<Collection> collections = all(catalog.allCollections().block());
        Set<CollectionId> known = collections.stream().map(Collection::id).collect(Collectors.toSet());
        CollectionOpening opening = new CollectionOpening(files, logHead, new LostEntries(gaps, known));
        for (Collection collection : collections) {
            open(collection, opening);
        }
        files.deleteUnknown(known);
    }

    private void open(Collection collection, CollectionOpening opening) {
        Manifest manifest = all(catalog.manifest(collection.id()).block());
        switch (opening.open(collection, manifest)) {
            case CollectionOpening.Opened.Empty() -> {}
            case CollectionOpening.Opened.Sound(var shape, var segments) -> add(shape, manifest, segments);
            case CollectionOpening.Opened.Damaged(var damage) -> live.putDamaged(collection.id(), damage);
        }
    }

    /** Where to begin following the log: before the first entry that some open collection lacks. */
    LogOffset firstNeeded(Log log) {
        LogOffset needed = log.head();
        for (Collection collection : all(catalog.allCollections().block())) {
            LogOffset compacted = live.offset(collection.id());
            if (!live.isDamaged(collection.id()) && log.head(collection.id()).isAfter(compacted)) {
                needed = LiveCollections.earlier(needed, compacted);
            }
        }
        return needed.isAfter(log.truncatedThrough()) ? needed : log.truncatedThrough();
    }

    void apply(LogEntry entry) {
        LiveCollection collection = collectionOf(entry);
        if (collection == null || !entry.offset().isAfter(collection.snapshot().offset())) {
            return;
        }
        try {
            int waiting = collection.waitingDeltas();
            collection.apply(entry);
            tickIfSealed(collection, waiting);
        } catch (RuntimeException | Error failure) {
            LOG.error("Entry {} of collection {} cannot be applied", entry.offset(), entry.collection(), failure);
            fail(collection, "log entry %s cannot be applied: %s".formatted(entry.offset(), failure));
        }
    }

    void seal(CollectionId id) {
        LiveCollection collection = live.find(id);
        if (collection != null) {
            collection.seal();
        }
    }

    void adopt(FoldInput folded, Manifest published, List<Segment> opened) {
        LiveCollection collection = folded.collection();
        if (live.find(collection.shape().id()) != collection) {
            opened.forEach(LiveCollection::retire);
            return;
        }
        try {
            history.keep(collection, published.compactedOffset());
            collection.adopt(folded, published, opened);
            history.trim(System.nanoTime());
        } catch (RuntimeException | Error failure) {
            LOG.error("Manifest {} of collection {} cannot be adopted", published, collection.shape(), failure);
            opened.forEach(Segment::release);
            fail(collection, "manifest %d cannot be adopted: %s".formatted(published.version(), failure));
            return;
        }
        opened.forEach(warmer::warm);
    }

    /** What was found of a collection's files makes its answers doubtful. */
    void stop(CollectionId id, String reason) {
        LiveCollection collection = live.find(id);
        if (collection != null) {
            LOG.error("Collection {} is damaged: {}", id, reason);
            fail(collection, reason);
        }
    }

    /**
     * A collection that has segments from the start, and that the catalog is yet to have; takes these from the caller.
     */
    void addUnborn(CollectionShape shape, Manifest manifest, List<Segment> opened) {
        live.putUnborn(live(shape, SegmentList.of(manifest, opened)));
        opened.forEach(warmer::warm);
    }

    private void add(CollectionShape shape, Manifest manifest, List<Segment> opened) {
        live.put(live(shape, SegmentList.of(manifest, opened)));
        opened.forEach(warmer::warm);
    }

    /** Gives the memory of a collection up and keeps its files. */
    void forget(CollectionId id) {
        history.forget(id);
        LiveCollection collection = live.remove(id);
        if (collection != null) {
            collection.close();
        }
    }

    void drop(CollectionId id) {
        history.forget(id);
        LiveCollection collection = live.remove(id);
        if (collection == null) {
            files.deleteAll(id);
        } else {
            collection.drop();
        }
    }

    void close() {
        history.close();
        live.close();
    }

    private void tickIfSealed(LiveCollection collection, int waitingBefore) {
        if (collection.waitingDeltas() > waitingBefore) {
            sealed.tryEmitNext(collection.shape().id());
        }
    }

    private @Nullable LiveCollection collectionOf(LogEntry entry) {
        LiveCollection collection = live.find(entry.collection());
        return collection != null || live.isDamaged(entry.collection()) ? collection : firstWritten(entry);
    }

    /** Entries of a collection that has been dropped since have no effect; nor have any before the first embedding. */
    private @Nullable LiveCollection firstWritten(LogEntry entry) {
        Optional<Collection> collection = catalog.collection(entry.collection())
                .onErrorComplete(QuiverException.class)
                .blockOptional();
        if (collection.isEmpty()) {
            return null;
        }
        if (collection.get().dimension() == null) {
            live.putUnfilled(entry.collection(), entry.offset());
            return null;
        }
        LiveCollection fresh = live(CollectionShape.of(collection.get()), SegmentList.of(Manifest.EMPTY, List.of()));
        live.put(fresh);
        return fresh;
    }

    private LiveCollection live(CollectionShape shape, SegmentList segments) {
        return new LiveCollection(
                shape, segments, deltas, budget, () -> applier.execute(() -> files.deleteAll(shape.id())));
    }

    /** Its views go on with what they see; nothing more is applied, compacted or dropped from the log. */
    private void fail(LiveCollection collection, String reason) {
        CollectionId id = collection.shape().id();
        live.putDamaged(
                id,
                new Damage(reason, collection.snapshot().segments().manifest().compactedOffset()));
        history.forget(id);
        collection.close();
    }

    private static <T> T all(@Nullable T answer) {
        return Objects.requireNonNull(answer, "the catalog answers every question");
    }
}

package io.quiver.executor;

import io.quiver.executor.query.Consistency;
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
import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.LogOffset;
import io.quiver.log.record.QuiverException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

/**
 * Every collection that has been written to, and those that are damaged. The applying thread changes it, any thread looks
 * things up. One damaged collection never stops the others.
 */
final class LiveCollections {
    private static final Logger LOG = LoggerFactory.getLogger(LiveCollections.class);

    private final Map<CollectionId, LiveCollection> live = new ConcurrentHashMap<>();

    /** Live collections that the catalog does not have yet: answered for, and not compacted. */
    private final Set<CollectionId> unborn = ConcurrentHashMap.newKeySet();

    private final Map<CollectionId, Damage> damaged = new ConcurrentHashMap<>();
    private final Sinks.Many<CollectionId> sealed = Sinks.many().multicast().directBestEffort();
    private final ExecutorSettings settings;
    private final Catalog catalog;
    private final SealedFiles files;
    private final OffHeapBudget budget;
    private final Applier applier;
    private final SegmentWarmer warmer;
    private final History history;

    LiveCollections(
            ExecutorSettings settings,
            Catalog catalog,
            SegmentStore store,
            OffHeapBudget budget,
            Applier applier,
            SegmentWarmer warmer) {
        this.settings = settings;
        this.catalog = catalog;
        this.files = new SealedFiles(store, settings.verifiedBytesMax());
        this.budget = budget;
        this.applier = applier;
        this.warmer = warmer;
        this.history = new History(settings.history(), budget);
    }

    // On any thread.

    @Nullable LiveCollection find(CollectionId id) {
        return live.get(id);
    }

    /** Those that the catalog has. */
    List<LiveCollection> all() {
        return live.values().stream()
                .filter(collection -> !unborn.contains(collection.shape().id()))
                .toList();
    }

    /** The catalog has a collection that was added before. */
    void born(CollectionId id) {
        unborn.remove(id);
    }

    Map<CollectionId, Damage> damaged() {
        return damaged;
    }

    /** Fails with {@code UNAVAILABLE} and the reason where the collection is damaged. */
    void requireSound(CollectionId id) {
        Damage damage = damaged.get(id);
        if (damage != null) {
            throw new QuiverException(
                    ErrorCode.UNAVAILABLE, "Collection [%s] is damaged: %s".formatted(id, damage.reason()));
        }
    }

    /** A view of a collection that the catalog knows; nothing written to it yet means nothing to see. */
    CollectionView view(ViewKey key) {
        requireSound(key.collection());
        LiveCollection collection = live.get(key.collection());
        return switch (key.consistency()) {
            case Consistency.At(var offset) -> collection == null ? nothing(offset) : viewAt(collection, offset);
            case Consistency.IndexOnly() -> collection == null ? nothing(LogOffset.NONE) : collection.compactedView();
            case Consistency.Strong(), Consistency.AtLeast _, Consistency.Pinned _ ->
                collection == null ? nothing(LogOffset.NONE) : collection.view();
        };
    }

    private static CollectionView nothing(LogOffset offset) {
        return new CollectionView(offset, List.of(), 0, () -> {});
    }

    /**
     * A state moves from the collection to the history before the collection leaves it: asked in this order, it is
     * found.
     */
    private CollectionView viewAt(LiveCollection collection, LogOffset offset) {
        CollectionView newest = collection.viewAt(offset);
        CollectionView found = newest == null ? history.view(collection, offset) : newest;
        if (found == null) {
            throw new QuiverException(
                    ErrorCode.FAILED_PRECONDITION,
                    "offset %s of collection [%s] is no longer kept: offsets from %s on can be read"
                            .formatted(offset, collection.shape().id(), history.earliest(collection)));
        }
        return found;
    }

    /** Ticks on the applying thread when a delta has been sealed. */
    Flux<CollectionId> sealed() {
        return sealed.asFlux();
    }

    Optional<FoldInput> hold(CollectionId id) {
        return hold(id, FoldInput::of);
    }

    Optional<FoldInput> holdPublished(CollectionId id) {
        return hold(id, FoldInput::ofPublished);
    }

    private Optional<FoldInput> hold(CollectionId id, Function<LiveCollection, FoldInput> how) {
        LiveCollection collection = live.get(id);
        try {
            return Optional.ofNullable(collection).map(how);
        } catch (QuiverException dropped) {
            return Optional.empty();
        }
    }

    Optional<HeldSegments> hold(CollectionId id, Set<String> segments) {
        LiveCollection collection = live.get(id);
        return collection == null ? Optional.empty() : collection.holdSealed(segments);
    }

    /** How far the log is folded, given that it has been applied up to {@code applied}. */
    LogOffset foldedThrough(LogOffset applied) {
        LogOffset through = applied;
        for (LiveCollection collection : live.values()) {
            Snapshot snapshot = collection.snapshot();
            if (snapshot.hasUnfolded()) {
                through = earlier(through, snapshot.neededAfter());
            }
        }
        for (Damage damage : damaged.values()) {
            through = earlier(through, damage.neededAfter());
        }
        return through;
    }

    // On the applying thread.

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
            case CollectionOpening.Opened.Damaged(var damage) -> damaged.put(collection.id(), damage);
        }
    }

    /** Where to begin following the log: before the first entry that some open collection lacks. */
    LogOffset firstNeeded(Log log) {
        LogOffset needed = log.head();
        for (Collection collection : all(catalog.allCollections().block())) {
            LogOffset compacted = applied(collection.id());
            if (!damaged.containsKey(collection.id())
                    && log.head(collection.id()).isAfter(compacted)) {
                needed = earlier(needed, compacted);
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
        LiveCollection collection = live.get(id);
        if (collection != null) {
            collection.seal();
        }
    }

    void adopt(FoldInput folded, Manifest published, List<Segment> opened) {
        LiveCollection collection = folded.collection();
        if (live.get(collection.shape().id()) != collection) {
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
        LiveCollection collection = live.get(id);
        if (collection != null) {
            LOG.error("Collection {} is damaged: {}", id, reason);
            fail(collection, reason);
        }
    }

    /**
     * A collection that has segments from the start, and that the catalog is yet to have; takes these from the caller.
     */
    void addUnborn(CollectionShape shape, Manifest manifest, List<Segment> opened) {
        unborn.add(shape.id());
        add(shape, manifest, opened);
    }

    private void add(CollectionShape shape, Manifest manifest, List<Segment> opened) {
        live.put(shape.id(), live(shape, SegmentList.of(manifest, opened)));
        opened.forEach(warmer::warm);
    }

    /** Gives the memory of a collection up and keeps its files. */
    void forget(CollectionId id) {
        unborn.remove(id);
        history.forget(id);
        LiveCollection collection = live.remove(id);
        if (collection != null) {
            collection.close();
        }
    }

    void drop(CollectionId id) {
        damaged.remove(id);
        history.forget(id);
        LiveCollection collection = live.remove(id);
        unborn.remove(id);
        if (collection == null) {
            files.deleteAll(id);
        } else {
            collection.drop();
        }
    }

    void close() {
        history.close();
        live.values().forEach(LiveCollection::close);
        live.clear();
    }

    private void tickIfSealed(LiveCollection collection, int waitingBefore) {
        if (collection.waitingDeltas() > waitingBefore) {
            sealed.tryEmitNext(collection.shape().id());
        }
    }

    private LogOffset applied(CollectionId id) {
        LiveCollection collection = live.get(id);
        return collection == null ? LogOffset.NONE : collection.snapshot().offset();
    }

    private static LogOffset earlier(LogOffset one, LogOffset other) {
        return one.isAfter(other) ? other : one;
    }

    private @Nullable LiveCollection collectionOf(LogEntry entry) {
        LiveCollection collection = live.get(entry.collection());
        return collection != null || damaged.containsKey(entry.collection()) ? collection : firstWritten(entry);
    }

    /** Entries of a collection that has been dropped since have no effect. */
    private @Nullable LiveCollection firstWritten(LogEntry entry) {
        Optional<Collection> collection = catalog.collection(entry.collection())
                .onErrorComplete(QuiverException.class)
                .blockOptional();
        if (collection.isEmpty() || collection.get().dimension() == null) {
            return null;
        }
        LiveCollection fresh = live(CollectionShape.of(collection.get()), SegmentList.of(Manifest.EMPTY, List.of()));
        live.put(entry.collection(), fresh);
        return fresh;
    }

    private LiveCollection live(CollectionShape shape, SegmentList segments) {
        return new LiveCollection(
                shape, segments, settings, budget, () -> applier.execute(() -> files.deleteAll(shape.id())));
    }

    /** Its views go on with what they see; nothing more is applied, compacted or dropped from the log. */
    private void fail(LiveCollection collection, String reason) {
        CollectionId id = collection.shape().id();
        damaged.put(
                id,
                new Damage(reason, collection.snapshot().segments().manifest().compactedOffset()));
        history.forget(id);
        live.remove(id);
        collection.close();
    }

    private static <T> T all(@Nullable T answer) {
        return Objects.requireNonNull(answer, "the catalog answers every question");
    }
}

package io.quiver.executor;

import io.quiver.executor.query.Consistency;
import io.quiver.log.record.CollectionId;
import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.LogOffset;
import io.quiver.log.record.QuiverException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Every collection that has been written to, and those that are damaged: one damaged collection never stops the others.
 * Any thread looks things up; {@link CollectionChanges} alone changes what there is.
 */
final class LiveCollections {
    private final Map<CollectionId, LiveCollection> live = new ConcurrentHashMap<>();

    /** Live collections that the catalog does not have yet: answered for, and not compacted. */
    private final Set<CollectionId> unborn = ConcurrentHashMap.newKeySet();

    private final Map<CollectionId, Damage> damaged = new ConcurrentHashMap<>();

    /**
     * The newest entries of collections that have never had a record: these changed nothing, and were applied. A start
     * learns them from the log again, as far back as that reaches.
     */
    private final Map<CollectionId, LogOffset> unfilled = new ConcurrentHashMap<>();

    private final History history;

    /** @param history earlier states of the collections */
    LiveCollections(History history) {
        this.history = history;
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

    boolean isDamaged(CollectionId id) {
        return damaged.containsKey(id);
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
                collection == null ? nothing(unfilledAt(key.collection())) : collection.view();
        };
    }

    /** Offset of the newest entry of a collection that has been applied. */
    LogOffset offset(CollectionId id) {
        LiveCollection collection = live.get(id);
        return collection == null ? unfilledAt(id) : collection.snapshot().offset();
    }

    /** What has been applied of a collection that was not live when it was looked for. */
    LogOffset unfilledAt(CollectionId id) {
        return unfilled.getOrDefault(id, LogOffset.NONE);
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

    static LogOffset earlier(LogOffset one, LogOffset other) {
        return one.isAfter(other) ? other : one;
    }

    // On the applying thread, see CollectionChanges.

    void put(LiveCollection collection) {
        live.put(collection.shape().id(), collection);
    }

    /** One that the catalog is yet to have. */
    void putUnborn(LiveCollection collection) {
        unborn.add(collection.shape().id());
        put(collection);
    }

    /** An entry that could change nothing has been applied. */
    void putUnfilled(CollectionId id, LogOffset offset) {
        unfilled.put(id, offset);
    }

    /** In place of the collection, if it was live. */
    void putDamaged(CollectionId id, Damage damage) {
        damaged.put(id, damage);
        live.remove(id);
    }

    /** Nothing is known of the collection any more; what was live is the caller's to close. */
    @Nullable LiveCollection remove(CollectionId id) {
        damaged.remove(id);
        unfilled.remove(id);
        LiveCollection removed = live.remove(id);
        unborn.remove(id);
        return removed;
    }

    void close() {
        live.values().forEach(LiveCollection::close);
        live.clear();
    }
}

package io.quiver.executor.watch;

import io.quiver.executor.filter.FilterMatcher;
import io.quiver.executor.index.StandingQueries;
import io.quiver.executor.query.Filter;
import io.quiver.executor.segment.OffHeapBudget;
import io.quiver.executor.segment.OffHeapBudget.Owner;
import io.quiver.executor.segment.Segment;
import io.quiver.log.record.QuiverException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The watches of one collection, found by their embeddings and by the records among their candidates.
 *
 * <p>Belongs to the watcher's thread. Owns the memory of the embeddings, until the last watch has gone.
 */
final class WatchList {
    private final OffHeapBudget budget;
    private final Set<Watch> watches = new LinkedHashSet<>();
    private final Map<Integer, Watch> byNumber = new HashMap<>();
    private final Map<String, Set<Watch>> holders = new HashMap<>();
    private final Map<Filter, FilterMatcher> matchers = new HashMap<>();
    private WatchedView.@Nullable Shape shape;
    private @Nullable Arena arena;
    private @Nullable StandingQueries queries;
    private long sizeBytes;

    WatchList(OffHeapBudget budget) {
        this.budget = budget;
    }

    Set<Watch> all() {
        return watches;
    }

    /** Adds a watch with the candidates that it has; refuses an embedding of another dimension. */
    void add(Watch watch) {
        if (shape != null) {
            place(watch, shape);
        }
        watches.add(watch);
        watch.nearest().all().forEach(candidate -> hold(candidate.id(), watch));
    }

    /**
     * The collection's embeddings are of this shape from its first write on; {@code onMisfit} is given those that are
     * not.
     */
    void shape(WatchedView.@Nullable Shape known, BiConsumer<Watch, QuiverException> onMisfit) {
        if (shape == null && known != null) {
            shape = known;
            for (Watch watch : List.copyOf(watches)) {
                try {
                    place(watch, known);
                } catch (QuiverException refusal) {
                    onMisfit.accept(watch, refusal);
                }
            }
        }
    }

    private void place(Watch watch, WatchedView.Shape known) {
        int dimension = watch.query().embedding().dimension();
        if (known.dimension() != dimension) {
            throw QuiverException.invalid("Collection expecting embedding with dimension of %d, got %d"
                    .formatted(known.dimension(), dimension));
        }
        StandingQueries standing = standing(known);
        watch.place(standing.add(watch.query().embedding().toArray()));
        byNumber.put(watch.number(), watch);
        standing.bound(watch.number(), watch.nearest().boundDistance());
    }

    private StandingQueries standing(WatchedView.Shape known) {
        if (queries == null) {
            arena = Arena.ofShared();
            queries = new StandingQueries(known.metric(), known.dimension(), this::allocate);
        }
        return queries;
    }

    private MemorySegment allocate(long bytes, long alignment) {
        budget.reserve(Owner.STANDING, bytes);
        sizeBytes += bytes;
        return Objects.requireNonNull(arena).allocate(bytes, alignment);
    }

    /** False where it is not there. */
    boolean remove(Watch watch) {
        if (!watches.remove(watch)) {
            return false;
        }
        watch.nearest().all().forEach(candidate -> release(candidate.id(), watch));
        if (queries != null && watch.number() != Watch.UNPLACED) {
            queries.remove(watch.number());
            byNumber.remove(watch.number());
            watch.place(Watch.UNPLACED);
        }
        if (watches.isEmpty()) {
            free();
        }
        return true;
    }

    private void free() {
        matchers.clear();
        queries = null;
        if (arena != null) {
            arena.close();
            arena = null;
            budget.release(Owner.STANDING, sizeBytes);
            sizeBytes = 0;
        }
    }

    /** Those among whose candidates the record is. */
    Set<Watch> holding(String id) {
        return Set.copyOf(holders.getOrDefault(id, Set.of()));
    }

    void addCandidate(Watch watch, Candidate candidate) {
        hold(candidate.id(), watch);
        watch.nearest().add(candidate).ifPresent(left -> release(left.id(), watch));
        bound(watch);
    }

    void removeCandidate(Watch watch, String id) {
        watch.nearest().remove(id);
        release(id, watch);
    }

    void refill(Watch watch, List<Candidate> found) {
        watch.nearest().all().forEach(candidate -> release(candidate.id(), watch));
        watch.nearest().refill(found);
        found.forEach(candidate -> hold(candidate.id(), watch));
        bound(watch);
    }

    private void bound(Watch watch) {
        if (queries != null && watch.number() != Watch.UNPLACED) {
            queries.bound(watch.number(), watch.nearest().boundDistance());
        }
    }

    private void hold(String id, Watch watch) {
        holders.computeIfAbsent(id, _ -> new HashSet<>()).add(watch);
    }

    private void release(String id, Watch watch) {
        Set<Watch> holding = holders.get(id);
        if (holding != null && holding.remove(watch) && holding.isEmpty()) {
            holders.remove(id);
        }
    }

    /** Told of a record within a watch's bound. */
    @FunctionalInterface
    interface Found {
        void accept(int record, Watch watch, float distance);
    }

    void scan(List<float[]> records, Found found) {
        if (queries != null) {
            queries.scan(
                    records,
                    (record, number, distance) ->
                            found.accept(record, Objects.requireNonNull(byNumber.get(number)), distance));
        }
    }

    float distance(Watch watch, float[] record) {
        return Objects.requireNonNull(queries).distance(watch.number(), record);
    }

    /** Whether the watch is about such records. */
    boolean isAbout(Watch watch, Segment segment, int row) {
        Filter filter = watch.query().filter();
        return filter instanceof Filter.All
                || matchers.computeIfAbsent(filter, FilterMatcher::compile)
                        .accepts(segment.id(row), segment.metadata(row), segment.document(row));
    }
}

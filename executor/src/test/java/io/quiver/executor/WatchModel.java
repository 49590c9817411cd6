package io.quiver.executor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quiver.executor.filter.FilterMatcher;
import io.quiver.executor.watch.Neighbour;
import io.quiver.executor.watch.StandingQuery;
import io.quiver.executor.watch.WatchEvent;
import io.quiver.executor.watch.WatchEvent.Entered;
import io.quiver.executor.watch.WatchEvent.Left;
import io.quiver.executor.watch.WatchEvent.Reason;
import io.quiver.log.catalog.Space;
import io.quiver.log.record.Embedding;
import io.quiver.log.record.LogOffset;
import io.quiver.log.record.Metadata;
import io.quiver.log.record.MetadataPatch;
import io.quiver.log.record.MetadataValue;
import io.quiver.log.record.Operation;
import io.quiver.log.record.RecordPatch;
import io.quiver.log.record.VectorRecord;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What standing queries should be told, found by looking at every record after every write. Embeddings are of small
 * whole numbers, so that distances are exact and many are equal.
 */
final class WatchModel {
    private final Space space;
    private final Map<String, Placed> records = new HashMap<>();
    private final Map<StandingQuery, Told> told = new LinkedHashMap<>();
    private long insertions;

    private record Placed(VectorRecord record, long insertion) {}

    private record Near(Neighbour neighbour, long insertion) {}

    private static final Comparator<Near> NEAREST =
            Comparator.<Near>comparingDouble(near -> near.neighbour.distance()).thenComparingLong(Near::insertion);

    /** What one query should be told: all changes from the empty collection on. */
    private static final class Told {
        final List<WatchEvent.Changed> changes = new ArrayList<>();
        List<Neighbour> top = List.of();
    }

    WatchModel(Space space) {
        this.space = space;
    }

    static float[] embedding(Random random, int dimension) {
        float[] embedding = new float[dimension];
        for (int i = 0; i < dimension; i++) {
            embedding[i] = random.nextInt(7) - 3;
        }
        return embedding;
    }

    static Operation operation(Random random, String id, MetadataValue.Scalar group, int dimension) {
        Embedding embedding = Embedding.of(embedding(random, dimension));
        Metadata metadata = new Metadata(Map.of("group", group));
        return switch (random.nextInt(6)) {
            case 0 -> new Operation.Delete(id);
            case 1 ->
                new Operation.Update(new RecordPatch(
                        id, random.nextBoolean() ? embedding : null, "text", null, MetadataPatch.setting(metadata)));
            case 2, 3 ->
                new Operation.Upsert(new RecordPatch(id, embedding, null, null, MetadataPatch.setting(metadata)));
            default -> new Operation.Add(new VectorRecord(id, embedding, null, null, metadata));
        };
    }

    void expect(StandingQuery query) {
        told.put(query, new Told());
    }

    void apply(LogOffset offset, List<Operation> batch) {
        Set<String> written = new HashSet<>();
        Set<String> added = new HashSet<>();
        for (Operation operation : batch) {
            apply(operation, written, added);
        }
        told.forEach((query, watcher) -> compare(offset, query, watcher, written, added));
    }

    @SuppressWarnings("ReferenceEquality") // an operation that changes nothing gives back the record itself
    private void apply(Operation operation, Set<String> written, Set<String> added) {
        String id = operation.id();
        Placed current = records.get(id);
        VectorRecord before = current == null ? null : current.record;
        VectorRecord after = operation.applyTo(before);
        if (after == null) {
            records.remove(id);
            written.remove(id);
            added.remove(id);
        } else if (after != before) {
            records.put(id, new Placed(after, current == null ? insertions++ : current.insertion));
            written.add(id);
            if (current == null) {
                added.add(id);
            }
        }
    }

    private void compare(LogOffset offset, StandingQuery query, Told watcher, Set<String> written, Set<String> added) {
        List<Neighbour> now = top(query);
        Map<String, Float> old = new LinkedHashMap<>();
        watcher.top.forEach(neighbour -> old.put(neighbour.id(), neighbour.distance()));
        List<Entered> entered = new ArrayList<>();
        for (Neighbour neighbour : now) {
            Float before = old.remove(neighbour.id());
            if (before == null || before != neighbour.distance()) {
                Reason reason = added.contains(neighbour.id())
                        ? Reason.ADDED
                        : written.contains(neighbour.id()) ? Reason.UPDATED : Reason.REPLACED;
                entered.add(new Entered(neighbour.id(), neighbour.distance(), reason));
            }
        }
        List<Left> left = new ArrayList<>();
        old.keySet().forEach(id -> left.add(new Left(id, whyLeft(id, written))));
        watcher.top = now;
        if (!entered.isEmpty() || !left.isEmpty()) {
            watcher.changes.add(new WatchEvent.Changed(offset, entered, left));
        }
    }

    private Reason whyLeft(String id, Set<String> written) {
        return !records.containsKey(id) ? Reason.DELETED : written.contains(id) ? Reason.UPDATED : Reason.REPLACED;
    }

    private List<Neighbour> top(StandingQuery query) {
        FilterMatcher matcher = FilterMatcher.compile(query.filter());
        PriorityQueue<Near> nearest = new PriorityQueue<>(NEAREST.reversed());
        records.forEach((id, placed) -> {
            float distance = distance(placed.record.embedding(), query.embedding());
            boolean isNear = nearest.size() < query.k()
                    || distance <= nearest.element().neighbour().distance();
            if (isNear && matcher.accepts(id, placed.record.metadata(), placed.record.document())) {
                nearest.add(new Near(new Neighbour(id, distance), placed.insertion));
                if (nearest.size() > query.k()) {
                    nearest.remove();
                }
            }
        });
        return nearest.stream().sorted(NEAREST).map(Near::neighbour).toList();
    }

    private float distance(Embedding one, Embedding other) {
        float sum = space == Space.IP ? 1 : 0;
        for (int i = 0; i < one.dimension(); i++) {
            float difference = one.at(i) - other.at(i);
            sum += space == Space.IP ? -one.at(i) * other.at(i) : difference * difference;
        }
        return sum;
    }

    /** Whether those who are connected have been told everything. */
    boolean haveSeenAll(List<ModelWatcher> watchers) {
        return watchers.stream().allMatch(watcher -> !watcher.isConnected() || hasSeenAll(watcher));
    }

    private boolean hasSeenAll(ModelWatcher watcher) {
        List<WatchEvent.Changed> changes = expected(watcher).changes;
        List<WatchEvent> events = watcher.events();
        return !events.isEmpty()
                && (changes.isEmpty()
                        || !changes.getLast().offset().isAfter(events.getLast().offset()));
    }

    /** All changes since the watcher began, each once, whole and in their order. */
    void assertSame(ModelWatcher watcher) {
        List<WatchEvent> events = watcher.events();
        LogOffset began = events.getFirst().offset();
        List<WatchEvent.Changed> changes = new ArrayList<>();
        for (WatchEvent event : events.subList(1, events.size())) {
            switch (event) {
                case WatchEvent.Changed changed -> changes.add(changed);
                case WatchEvent.Resumed _ -> {}
                case WatchEvent.Current _, WatchEvent.Reset _ -> throw new AssertionError(event + " among " + events);
            }
        }
        List<WatchEvent.Changed> expected = expected(watcher).changes.stream()
                .filter(change -> change.offset().isAfter(began))
                .toList();
        for (int i = 0; i < Math.min(expected.size(), changes.size()); i++) {
            assertEquals(normal(expected.get(i)), normal(changes.get(i)), watcher.query()::toString);
        }
        assertEquals(expected.size(), changes.size(), watcher.query()::toString);
    }

    /** The order of those who left says nothing. */
    private static WatchEvent.Changed normal(WatchEvent.Changed changed) {
        List<Left> left = new ArrayList<>(changed.left());
        left.sort(Comparator.comparing(Left::id));
        return new WatchEvent.Changed(changed.offset(), changed.entered(), left);
    }

    boolean isCurrent(ModelWatcher watcher) {
        Map<String, Float> expected = new HashMap<>();
        top(watcher.query()).forEach(neighbour -> expected.put(neighbour.id(), neighbour.distance()));
        return expected.equals(watcher.nearest());
    }

    private Told expected(ModelWatcher watcher) {
        @Nullable Told expected = told.get(watcher.query());
        if (expected == null) {
            throw new AssertionError("not expected: " + watcher.query());
        }
        return expected;
    }
}

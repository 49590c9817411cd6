package io.quiver.executor;

import io.quiver.executor.segment.DeltaSegment;
import io.quiver.executor.segment.OffHeapBudget;
import io.quiver.executor.segment.Segment;
import io.quiver.log.record.CollectionId;
import io.quiver.log.record.LogOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.scheduler.Schedulers;

/**
 * States of collections that compaction has replaced, for reads of earlier offsets.
 *
 * <p>Rows never change, and a tombstone says at which offset its row ended. So the segments of a collection tell every
 * state since the offset that they were compacted to, and no earlier one. What is kept here are the segments as they
 * were before each compaction that moved this offset: together with those of now they show every offset since the
 * oldest of them. Reads of the newest state, and writes, never look here.
 *
 * <p>A state is given back when it was replaced longer ago than {@link HistoryWindow#ageMax}, and the oldest of all
 * collections before that while they hold more than {@link HistoryWindow#bytesMax}, are more than {@link #STATES_MAX},
 * or memory outside the heap is three quarters full: what is of no use to writes gives way to them. Nothing is freed
 * under a query: it holds a share.
 *
 * <p>Safe on every thread; its clock ticks on a thread of Reactor's until {@link #close}, which gives everything back.
 */
final class History implements AutoCloseable {
    static final int STATES_MAX = 1_024;

    private static final long TICK_MS = 1_000;
    private static final int FULL_NUMERATOR = 3;
    private static final int FULL_DENOMINATOR = 4;

    /** A state that was replaced, of which it holds a share. */
    private record Past(LiveCollection collection, Snapshot snapshot, long replacedAt, Shares shares) {
        boolean isOf(LiveCollection other) {
            return collection == other;
        }

        boolean isOf(CollectionId id) {
            return collection.shape().id().equals(id);
        }
    }

    private final HistoryWindow window;
    private final OffHeapBudget budget;
    private final Disposable clock;
    private final Deque<Past> oldestFirst = new ArrayDeque<>();

    History(HistoryWindow window, OffHeapBudget budget) {
        this.window = window;
        this.budget = budget;
        this.clock = Schedulers.boundedElastic()
                .schedulePeriodically(() -> trim(System.nanoTime()), TICK_MS, TICK_MS, TimeUnit.MILLISECONDS);
    }

    /**
     * Keeps a collection as it is, right before segments that reach {@code compacted} take the place of some of its
     * own.
     */
    void keep(LiveCollection collection, LogOffset compacted) {
        boolean tellsMore = compacted.isAfter(collection.snapshot().earliest());
        if (tellsMore && !window.isEmpty()) {
            Snapshot held = collection.hold();
            Past past = new Past(collection, held, System.nanoTime(), new Shares(() -> collection.letGo(held)));
            synchronized (this) {
                oldestFirst.addLast(past);
            }
        }
    }

    /**
     * A view of a collection at an offset before those that its own segments tell; {@code null} where it is not kept.
     */
    @Nullable CollectionView view(LiveCollection collection, LogOffset at) {
        Past past = taken(collection, at);
        return past == null ? null : past.snapshot.viewAt(at, past.shares::giveBack);
    }

    private synchronized @Nullable Past taken(LiveCollection collection, LogOffset at) {
        Iterator<Past> newestFirst = oldestFirst.descendingIterator();
        while (newestFirst.hasNext()) {
            Past past = newestFirst.next();
            if (past.isOf(collection) && !past.snapshot.earliest().isAfter(at)) {
                past.shares.take();
                return past;
            }
        }
        return null;
    }

    /** The first offset of the collection that can be read. */
    synchronized LogOffset earliest(LiveCollection collection) {
        return oldestFirst.stream()
                .filter(past -> past.isOf(collection))
                .findFirst()
                .map(past -> past.snapshot.earliest())
                .orElseGet(() -> collection.snapshot().earliest());
    }

    /** Gives back what is over at a time of {@link System#nanoTime}, and what is too much. */
    void trim(long now) {
        giveBack(removed(past -> now - past.replacedAt > window.ageMax().toNanos()));
        giveBack(removedAsTooMuch());
    }

    /** Gives back what it has of a collection. */
    void forget(CollectionId id) {
        giveBack(removed(past -> past.isOf(id)));
    }

    synchronized int count() {
        return oldestFirst.size();
    }

    @Override
    public void close() {
        clock.dispose();
        giveBack(removed(_ -> true));
    }

    /** Without the lock: the last share deletes files. */
    private static void giveBack(List<Past> over) {
        over.forEach(past -> past.shares.giveBack());
    }

    private synchronized List<Past> removed(Predicate<Past> isOver) {
        List<Past> over = oldestFirst.stream().filter(isOver).toList();
        oldestFirst.removeAll(over);
        return over;
    }

    private synchronized List<Past> removedAsTooMuch() {
        List<Past> over = new ArrayList<>();
        while (!oldestFirst.isEmpty() && isTooMuch()) {
            over.add(oldestFirst.removeFirst());
        }
        return over;
    }

    private boolean isTooMuch() {
        boolean isFull = budget.usedBytes() / FULL_NUMERATOR > budget.limitBytes() / FULL_DENOMINATOR;
        return isFull || oldestFirst.size() > STATES_MAX || heldBytes() > window.bytesMax();
    }

    /** Of segments that nobody needs but this. */
    private long heldBytes() {
        Set<Segment> replaced = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Past past : oldestFirst) {
            replaced.addAll(past.snapshot.segments().all());
        }
        for (Past past : oldestFirst) {
            past.collection.snapshot().segments().all().forEach(replaced::remove);
        }
        return replaced.stream().mapToLong(History::sizeBytes).sum();
    }

    private static long sizeBytes(Segment segment) {
        return segment.sizeBytes() + (segment instanceof DeltaSegment delta ? delta.recordBytes() : 0);
    }
}

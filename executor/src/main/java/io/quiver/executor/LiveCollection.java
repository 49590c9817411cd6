package io.quiver.executor;

import io.quiver.executor.filter.DeltaFilterIndex;
import io.quiver.executor.segment.DeltaSegment;
import io.quiver.executor.segment.OffHeapBudget;
import io.quiver.executor.segment.Segment;
import io.quiver.log.LogEntry;
import io.quiver.log.catalog.Manifest;
import io.quiver.log.record.LogOffset;
import io.quiver.log.record.QuiverException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One collection as it is now.
 *
 * <p><b>Threads.</b> The applying thread alone changes it. Every change ends with one volatile write of a
 * {@link Snapshot}; from there any thread acquires views, which never change. <b>Memory.</b> It holds one share of each
 * of its segments, from the segment's making until compaction has replaced it or the collection is dropped.
 */
final class LiveCollection {
    private final CollectionShape shape;
    private final DeltaLimits limits;
    private final OffHeapBudget budget;
    private final Shares shares;
    private volatile Snapshot snapshot;
    private volatile long writtenAtNanos = System.nanoTime();
    private volatile boolean isDropped;

    /** @param whenGone runs once, after a drop, when the last view has been closed; on any thread */
    LiveCollection(
            CollectionShape shape, SegmentList sealed, DeltaLimits limits, OffHeapBudget budget, Runnable whenGone) {
        this.shape = shape;
        this.limits = limits;
        this.budget = budget;
        this.shares = new Shares(whenGone);
        this.snapshot = Snapshot.opened(sealed);
    }

    CollectionShape shape() {
        return shape;
    }

    Snapshot snapshot() {
        return snapshot;
    }

    int waitingDeltas() {
        return snapshot.segments().waiting().size();
    }

    /** A view of the collection now, which the caller closes. {@code NOT_FOUND} once it has been dropped. */
    CollectionView view() {
        Snapshot held = hold();
        return new CollectionView(held.offset(), held.parts(), held.liveCount(), () -> letGo(held));
    }

    /** A view of its sealed segments, as of what has been compacted. */
    CollectionView compactedView() {
        Snapshot held = hold();
        LogOffset compacted = held.segments().manifest().compactedOffset();
        return new CollectionView(
                compacted, held.compactedParts(), held.segments().compactedCount(), () -> letGo(held));
    }

    /** A view at an offset that has been applied; {@code null} where its segments do not tell it any more. */
    @Nullable CollectionView viewAt(LogOffset at) {
        Snapshot held = hold();
        if (held.earliest().isAfter(at)) {
            letGo(held);
            return null;
        }
        return held.viewAt(at, () -> letGo(held));
    }

    CollectionStats stats() {
        return Figures.stats(shape.id(), snapshot);
    }

    CollectionDebt debt() {
        return Figures.debt(shape, snapshot, Duration.ofNanos(System.nanoTime() - writtenAtNanos));
    }

    /** Takes a share of every segment of the newest snapshot, which the caller gives back with {@link #letGo}. */
    Snapshot hold() {
        while (shares.take()) {
            Snapshot newest = snapshot;
            if (holdAll(newest.segments().all())) {
                return newest;
            }
            shares.giveBack();
            Thread.onSpinWait();
        }
        throw QuiverException.notFound("Collection [" + shape.id() + "] does not exist");
    }

    /** Holds some of its published segments; empty where it has not all of these names, or has been dropped. */
    Optional<HeldSegments> holdSealed(Set<String> names) {
        if (!shares.take()) {
            return Optional.empty();
        }
        Snapshot newest = snapshot;
        List<Segment> named = newest.segments().sealed().stream()
                .filter(segment -> names.contains(segment.name()))
                .toList();
        if (named.size() == names.size() && holdAll(named)) {
            return Optional.of(new HeldSegments(this, newest, named, () -> letGo(named)));
        }
        shares.giveBack();
        return Optional.empty();
    }

    private void letGo(List<Segment> segments) {
        segments.forEach(Segment::release);
        shares.giveBack();
    }

    /** Whether it has the segments now, and has not been dropped. */
    boolean hasSealed(List<Segment> segments) {
        return !isDropped && snapshot.segments().sealed().containsAll(segments);
    }

    void letGo(Snapshot held) {
        letGo(held.segments().all());
    }

    /** False where a segment has been freed since the snapshot was read: there is a newer one then. */
    private static boolean holdAll(List<Segment> segments) {
        for (int i = 0; i < segments.size(); i++) {
            if (!segments.get(i).retain()) {
                segments.subList(0, i).forEach(Segment::release);
                return false;
            }
        }
        return true;
    }

    /** Applies one entry; its operations become visible together. On the applying thread, as all that follow. */
    void apply(LogEntry entry) {
        int operations = entry.operations().size();
        sealWithoutRoomFor(operations);
        RowWriter rows = new RowWriter(snapshot, entry.offset(), () -> newDelta(operations));
        rows.write(entry.operations());
        writtenAtNanos = System.nanoTime();
        snapshot = snapshot.after(entry.offset(), rows.segments(), rows.liveCount());
        DeltaSegment active = rows.segments().active();
        if (active != null && isFull(active)) {
            seal();
        }
    }

    /** The growing delta, if there is one, waits for the compactor from now on; everything applied so far is sealed. */
    void seal() {
        if (snapshot.hasUnsealed()) {
            snapshot = snapshot.sealed();
        }
    }

    /**
     * Puts published segments in the place of those that were folded into them. Rows that ended after the fold end in
     * the new segments too.
     */
    void adopt(FoldInput folded, Manifest published, List<Segment> opened) {
        SegmentSwap swap = new SegmentSwap(snapshot.segments(), folded, published, opened);
        swap.carryTombstones();
        snapshot = snapshot.adopting(swap.after());
        swap.replaced().forEach(LiveCollection::retire);
    }

    /** Gives everything up: memory and files go when the last view has been closed. */
    void drop() {
        isDropped = true;
        snapshot.segments().all().forEach(LiveCollection::retire);
        shares.giveBack();
    }

    /** Gives the memory up and keeps the files. */
    void close() {
        snapshot.segments().all().forEach(Segment::release);
    }

    /** Frees a segment that is no longer named, with its files, when nobody uses it any more. */
    static void retire(Segment segment) {
        segment.retire();
        segment.release();
    }

    /** An entry is never divided between deltas, so that each of them ends with a whole entry. */
    private void sealWithoutRoomFor(int operations) {
        DeltaSegment active = snapshot.segments().active();
        if (active != null && active.rowCount() + operations > limits.rowsMax()) {
            seal();
        }
    }

    private DeltaSegment newDelta(int rowsAtLeast) {
        int rowCapacity = Math.max(limits.rowsMax(), rowsAtLeast);
        String name = "delta-" + snapshot.offset().next();
        return new DeltaSegment(
                name, shape.metric(), shape.dimension(), rowCapacity, limits.bytesMax(), budget, DeltaFilterIndex::new);
    }

    private boolean isFull(DeltaSegment delta) {
        return delta.rowCount() >= limits.rowsMax() || delta.recordBytes() >= limits.bytesMax();
    }
}

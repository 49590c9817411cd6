package io.quiver.executor.watch;

import io.quiver.executor.segment.OffHeapBudget;
import io.quiver.executor.watch.WatchEvent.Current;
import io.quiver.executor.watch.WatchEvent.Resumed;
import io.quiver.executor.watch.WatchedView.Wanted;
import io.quiver.log.record.CollectionId;
import io.quiver.log.record.LogOffset;
import io.quiver.log.record.QuiverException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one collection that is watched, right after the last entry that was looked at.
 *
 * <p>Belongs to the watcher's thread; {@link #isWatched}, {@link #isLost} and what changes them are for every thread.
 */
final class WatchedCollection {
    private final CollectionId id;
    private final OffHeapBudget budget;
    private final WatchList watches;
    private final AtomicInteger expected = new AtomicInteger();
    private volatile boolean isLost;
    private LogOffset offset = LogOffset.NONE;
    private @Nullable QuiverException gone;

    WatchedCollection(CollectionId id, OffHeapBudget budget) {
        this.id = id;
        this.budget = budget;
        this.watches = new WatchList(budget);
    }

    CollectionId id() {
        return id;
    }

    /** Whether there is a watch, or a note of one. */
    boolean isWatched() {
        return expected.get() > 0;
    }

    /** A note says that a watch begins. */
    void expect() {
        expected.incrementAndGet();
    }

    /** A watch that was expected has ended, or will not begin. */
    void expectNoMore() {
        expected.decrementAndGet();
    }

    /** Entries have been left out since. */
    boolean isLost() {
        return isLost;
    }

    void lost(boolean value) {
        isLost = value;
    }

    /** Watches begin at the offset of the view, with the answer there. */
    void begin(List<Watch> fresh, WatchedView view) {
        List<Watch> begun = fresh.stream()
                .filter(watch -> isTaken(watch, view, () -> watches.add(watch)))
                .toList();
        refill(begun, view);
        for (Watch watch : begun) {
            watch.tell(watch.query().after() == null ? new Current(offset, watch.neighbours()) : watch.reset(offset));
        }
    }

    /** A watch begins at the offset of the view, after being told of the entries that it missed. */
    void resume(Watch watch, WatchedView view, List<Note.Applied> missed) {
        isTaken(watch, view, () -> replay(watch, view, missed));
    }

    private boolean isTaken(Watch watch, WatchedView view, Runnable beginning) {
        watches.shape(view.shape(), this::fail);
        offset = view.offset();
        if (watch.isEnded()) {
            expectNoMore();
            return false;
        }
        try {
            requireThere();
            beginning.run();
            return true;
        } catch (QuiverException refusal) {
            fail(watch, refusal);
            return false;
        }
    }

    private void requireThere() {
        if (gone != null) {
            throw gone;
        }
    }

    /** Goes through what was missed with this watch alone. */
    private void replay(Watch watch, WatchedView view, List<Note.Applied> missed) {
        WatchedCollection alone = new WatchedCollection(id, budget);
        alone.watches.shape(view.shape(), this::fail);
        alone.watches.add(watch);
        WatchedView from = view.at(Objects.requireNonNull(watch.query().after()));
        alone.refill(List.of(watch), from);
        watch.tell(new Resumed(from.offset()));
        alone.apply(missed);
        alone.watches.remove(watch);
        watches.add(watch);
    }

    /** Looks at entries, in their order. */
    void apply(List<Note.Applied> entries) {
        List<WrittenRow> rows = new ArrayList<>();
        List<List<WrittenRow>> ofEntries = new ArrayList<>();
        for (Note.Applied entry : entries) {
            watches.shape(entry.view().shape(), this::fail);
            ofEntries.add(entry.view().written());
            rows.addAll(ofEntries.getLast());
        }
        RowScan scan = new RowScan(watches, rows);
        int first = 0;
        for (int i = 0; i < entries.size(); i++) {
            apply(entries.get(i), ofEntries.get(i), scan, first);
            first += ofEntries.get(i).size();
        }
    }

    private void apply(Note.Applied entry, List<WrittenRow> rows, RowScan scan, int first) {
        EntryEffect effect = new EntryEffect(watches, rows, entry.deleted());
        effect.removeOld();
        for (int i = 0; i < rows.size(); i++) {
            WrittenRow row = rows.get(i);
            scan.each(first + i, (watch, distance) -> effect.add(watch, row, distance));
        }
        List<Watch> emptied = effect.touched().stream()
                .filter(watch -> watch.nearest().isShort())
                .toList();
        refill(emptied, entry.view());
        emptied.forEach(scan::refilled);
        offset = entry.view().offset();
        effect.tell(offset);
    }

    /** Tells every watch the answer anew. */
    void anew(WatchedView view) {
        watches.shape(view.shape(), this::fail);
        offset = view.offset();
        refill(watches.all(), view);
        watches.all().forEach(watch -> watch.tell(watch.reset(offset)));
    }

    private void refill(Collection<Watch> emptied, WatchedView view) {
        List<Watch> asking = List.copyOf(emptied);
        if (!asking.isEmpty()) {
            List<Wanted> wanted = asking.stream()
                    .map(watch -> new Wanted(
                            watch.query(), Nearest.capacity(watch.query().k())))
                    .toList();
            List<List<Candidate>> found = view.nearest(wanted);
            for (int i = 0; i < asking.size(); i++) {
                watches.refill(asking.get(i), found.get(i));
            }
        }
    }

    /** A listener that lagged behind takes events again. */
    void catchUp(Watch watch) {
        watch.catchUp(offset);
    }

    void end(Watch watch) {
        if (watches.remove(watch)) {
            expectNoMore();
        }
    }

    /** The collection is no more. */
    void gone(QuiverException reason) {
        gone = reason;
        failAll(reason);
    }

    void failAll(Throwable failure) {
        List.copyOf(watches.all()).forEach(watch -> fail(watch, failure));
    }

    private void fail(Watch watch, Throwable failure) {
        watches.remove(watch);
        expectNoMore();
        watch.fail(failure);
    }
}

package io.quiver.executor.watch;

import io.quiver.executor.watch.WatchEvent.Changed;
import io.quiver.executor.watch.WatchEvent.Entered;
import io.quiver.executor.watch.WatchEvent.Left;
import io.quiver.executor.watch.WatchEvent.Reason;
import io.quiver.log.record.LogOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What one entry of the log does to the watches of a collection: first their candidates change, then those whose answer
 * is another one are told. Lives for one entry, on the watcher's thread.
 */
final class EntryEffect {
    private final WatchList watches;
    private final Map<String, WrittenRow> written = new HashMap<>();
    private final Set<String> deleted = new HashSet<>();
    private final Map<Watch, List<Candidate>> before = new LinkedHashMap<>();

    EntryEffect(WatchList watches, List<WrittenRow> rows, List<String> deletions) {
        this.watches = watches;
        rows.forEach(row -> written.put(row.id(), row));
        deleted.addAll(deletions);
        deleted.removeAll(written.keySet());
    }

    /** Takes records away that are no longer as they were. */
    void removeOld() {
        deleted.forEach(this::removeOld);
        written.keySet().forEach(this::removeOld);
    }

    private void removeOld(String id) {
        for (Watch watch : watches.holding(id)) {
            touch(watch);
            watches.removeCandidate(watch, id);
        }
    }

    /** Adds a record to a watch, if it is about such records and this one is near enough. */
    void add(Watch watch, WrittenRow row, float distance) {
        Candidate candidate = row.candidate(distance);
        if (watch.nearest().accepts(candidate) && watches.isAbout(watch, row.segment(), row.row())) {
            touch(watch);
            watches.addCandidate(watch, candidate);
        }
    }

    private void touch(Watch watch) {
        before.computeIfAbsent(watch, touched -> touched.nearest().top());
    }

    Collection<Watch> touched() {
        return before.keySet();
    }

    void tell(LogOffset offset) {
        before.forEach((watch, old) -> {
            Changed changed = changed(offset, old, watch.nearest().top());
            if (!changed.entered().isEmpty() || !changed.left().isEmpty()) {
                watch.tell(changed);
            }
        });
    }

    private Changed changed(LogOffset offset, List<Candidate> old, List<Candidate> now) {
        Map<String, Float> distances = new HashMap<>();
        old.forEach(candidate -> distances.put(candidate.id(), candidate.distance()));
        List<Entered> entered = new ArrayList<>();
        for (Candidate candidate : now) {
            Float distance = distances.remove(candidate.id());
            if (distance == null || distance != candidate.distance()) {
                entered.add(new Entered(candidate.id(), candidate.distance(), whyEntered(candidate.id())));
            }
        }
        List<Left> left = old.stream()
                .filter(candidate -> distances.containsKey(candidate.id()))
                .map(candidate -> new Left(candidate.id(), whyLeft(candidate.id())))
                .toList();
        return new Changed(offset, entered, left);
    }

    private Reason whyEntered(String id) {
        WrittenRow row = written.get(id);
        return row == null ? Reason.REPLACED : row.isNew() ? Reason.ADDED : Reason.UPDATED;
    }

    private Reason whyLeft(String id) {
        return deleted.contains(id) ? Reason.DELETED : written.containsKey(id) ? Reason.UPDATED : Reason.REPLACED;
    }
}

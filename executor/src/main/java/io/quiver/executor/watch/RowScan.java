package io.quiver.executor.watch;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Compares the records of several entries with all watches of a collection, a window of records at a time, while they
 * are looked at one after the other. The bounds of watches are those at the beginning of a window; a watch that was
 * refilled in it may want to know of more, and is compared with each record that is left.
 *
 * <p>Belongs to the watcher's thread.
 */
final class RowScan {
    /** Records that are compared together: of each one, every watch may want to know. */
    private static final int WINDOW_ROWS = 64;

    private final WatchList watches;
    private final List<WrittenRow> rows;
    private final List<List<Match>> matches = new ArrayList<>();
    private final List<float[]> records = new ArrayList<>();
    private final Set<Watch> refilled = new LinkedHashSet<>();
    private int first;

    private record Match(Watch watch, float distance) {}

    RowScan(WatchList watches, List<WrittenRow> rows) {
        this.watches = watches;
        this.rows = rows;
    }

    /** Told of a watch within whose bound a record lies. */
    @FunctionalInterface
    interface Found {
        void accept(Watch watch, float distance);
    }

    /** Tells of row {@code index}; indexes come in ascending order. */
    void each(int index, Found found) {
        if (index >= first + matches.size()) {
            fill(index);
        }
        for (Match match : matches.get(index - first)) {
            if (!refilled.contains(match.watch)) {
                found.accept(match.watch, match.distance);
            }
        }
        refilled.forEach(watch -> found.accept(watch, watches.distance(watch, records.get(index - first))));
    }

    void refilled(Watch watch) {
        refilled.add(watch);
    }

    private void fill(int from) {
        first = from;
        matches.clear();
        records.clear();
        refilled.clear();
        for (WrittenRow row : rows.subList(from, Math.min(rows.size(), from + WINDOW_ROWS))) {
            records.add(row.segment().embedding(row.row()).toArray());
            matches.add(new ArrayList<>());
        }
        watches.scan(records, (record, watch, distance) -> matches.get(record).add(new Match(watch, distance)));
    }
}

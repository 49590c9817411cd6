package io.quiver.executor.watch;

import io.quiver.log.record.LogOffset;
import java.util.List;

/** What a watcher is told, in the order of the log. */
public sealed interface WatchEvent {
    /** The offset of the entry after which this is so. */
    LogOffset offset();

    /** What a new watch begins with: the nearest records, nearest first. */
    record Current(LogOffset offset, List<Neighbour> nearest) implements WatchEvent {
        public Current {
            nearest = List.copyOf(nearest);
        }
    }

    /** All changes after the offset that the watcher knew of follow, up to this offset and beyond. */
    record Resumed(LogOffset offset) implements WatchEvent {}

    /** Changes are missing: these are the nearest records now, nearest first. */
    record Reset(LogOffset offset, List<Neighbour> nearest) implements WatchEvent {
        public Reset {
            nearest = List.copyOf(nearest);
        }
    }

    /**
     * One entry of the log has changed the nearest records.
     *
     * @param entered those that are new among them, or whose distance is
     * @param left those that are no longer among them
     */
    record Changed(LogOffset offset, List<Entered> entered, List<Left> left) implements WatchEvent {
        public Changed {
            entered = List.copyOf(entered);
            left = List.copyOf(left);
        }
    }

    record Entered(String id, float distance, Reason reason) {}

    record Left(String id, Reason reason) {}

    /** Why a record entered or left. */
    enum Reason {
        /** It was inserted. */
        ADDED,
        /** It was changed. */
        UPDATED,
        /** It was deleted. */
        DELETED,
        /** Another one took its place, or gave it up. */
        REPLACED
    }
}

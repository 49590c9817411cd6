package io.quiver.executor.watch;

import java.util.List;

/** What the applying thread leaves for the watcher's. */
sealed interface Note {
    /** There is something to look at besides notes. */
    record Wake() implements Note {}

    /** Something that happened at one place in the log; the view shows the collection there. */
    sealed interface AtOffset extends Note {
        WatchedCollection collection();

        WatchedView view();
    }

    /** A watch begins. */
    record Begin(WatchedCollection collection, WatchedView view, Watch watch) implements AtOffset {}

    /**
     * An entry was applied.
     *
     * @param deleted ids that it says to delete, whether or not they are there again after it
     */
    record Applied(WatchedCollection collection, WatchedView view, List<String> deleted) implements AtOffset {}

    /** Entries before this were left out. */
    record Anew(WatchedCollection collection, WatchedView view) implements AtOffset {}
}

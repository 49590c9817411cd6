package io.quiver.executor.index.graph;

import io.quiver.executor.index.RowSearch;
import java.util.List;

/** Scratch of one thread that searches one image: a few walks that take turns, and what rescores their findings. */
abstract class ImageSearcher {
    /** Walks that take turns. */
    static final int WALKS = 4;

    /** Steps between two looks at the clock. */
    static final int STEPS = 64;

    final void search(List<RowSearch> searches) {
        for (int from = 0; from < searches.size(); from += WALKS) {
            List<RowSearch> some = searches.subList(from, Math.min(searches.size(), from + WALKS));
            if (!areStopped(some)) {
                searchTogether(some);
            }
        }
    }

    /** Searches up to {@link #WALKS} at a time. */
    abstract void searchTogether(List<RowSearch> searches);

    static boolean areStopped(List<RowSearch> searches) {
        for (RowSearch search : searches) {
            if (!search.isStopped().getAsBoolean()) {
                return false;
            }
        }
        return true;
    }
}

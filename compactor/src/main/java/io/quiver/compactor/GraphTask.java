package io.quiver.compactor;

import io.quiver.log.record.CollectionId;
import java.util.Set;

/** Work on the graphs of one collection. */
sealed interface GraphTask {
    CollectionId collection();

    /** Names of the segments that it is about. */
    Set<String> segments();

    /** About how many rows the graph will have. */
    long rows();

    /** Gives a published segment its graph. */
    record Build(CollectionId collection, String segment, long rows) implements GraphTask {
        @Override
        public Set<String> segments() {
            return Set.of(segment);
        }
    }

    /** Why segments are merged. */
    enum Occasion {
        /** There are many of one size, or many of their rows have ended. */
        DUE,
        /** Nobody writes to the collection. */
        REST,
        /** Somebody wants it. */
        ASKED
    }

    /** Makes one segment of several, or of one with many ended rows. */
    record Merge(CollectionId collection, Set<String> segments, long rows, Occasion occasion) implements GraphTask {
        public Merge {
            segments = Set.copyOf(segments);
        }
    }
}

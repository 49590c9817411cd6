package io.quiver.log;

import io.quiver.log.record.CollectionId;

/** How much of each collection there is, as far as its entries have been applied. Answers at once, on every thread. */
@FunctionalInterface
public interface Usages {
    /** Nothing, of a collection that is not there. */
    Usage of(CollectionId collection);

    /**
     * How much there is.
     *
     * @param records that exist
     * @param bytes that they take in segments, those deleted and not yet compacted away included
     */
    record Usage(long records, long bytes) {
        public static final Usage NOTHING = new Usage(0, 0);

        public Usage plus(Usage other) {
            return new Usage(records + other.records, bytes + other.bytes);
        }
    }
}

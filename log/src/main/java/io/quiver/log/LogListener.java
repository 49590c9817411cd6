package io.quiver.log;

/** Told what the log does, for metrics. Called on the log's writing thread: it must return at once. */
public interface LogListener {
    LogListener NONE = (_, _, _) -> {};

    /**
     * A group has become durable.
     *
     * @param entryCount batches in the group
     * @param sizeBytes what was written for it
     * @param forceNanos how long the disk took to make it durable
     */
    void appended(int entryCount, long sizeBytes, long forceNanos);

    /** A log that could not write has tried to write its newest file again, whether writes go on now or not. */
    default void triedToHeal() {}
}

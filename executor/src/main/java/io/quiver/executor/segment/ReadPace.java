package io.quiver.executor.segment;

/**
 * Is told before bytes of a segment's files are read only to compare their checksums. It may wait, so that others get
 * the disk, and may throw, to give the reading up. On the reading thread.
 */
@FunctionalInterface
public interface ReadPace {
    /** As fast as it goes. */
    ReadPace UNBOUNDED = _ -> {};

    void willRead(long bytes);
}

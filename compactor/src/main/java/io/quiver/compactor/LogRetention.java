package io.quiver.compactor;

import io.quiver.log.record.LogOffset;

/** How much of the log must stay although it is folded. Asked before the log is told to drop entries; must not wait. */
@FunctionalInterface
public interface LogRetention {
    /** Nobody wants what is folded. */
    LogRetention NONE = () -> new LogOffset(Long.MAX_VALUE);

    /** Nobody but the compactor needs the entries up to here. */
    LogOffset droppableThrough();
}

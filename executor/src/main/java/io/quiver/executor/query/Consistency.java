package io.quiver.executor.query;

import io.quiver.log.record.LogOffset;

/** How fresh the view of a query must be. */
public sealed interface Consistency {
    /** Everything acknowledged before the query began. */
    Consistency STRONG = new Strong();

    record Strong() implements Consistency {}

    /** Everything up to an offset that the caller has seen. */
    record AtLeast(LogOffset offset) implements Consistency {}

    /** Sealed segments alone, however old. */
    record IndexOnly() implements Consistency {}
}

package io.quiver.log;

import io.quiver.log.record.CollectionId;
import io.quiver.log.record.LogOffset;
import io.quiver.log.record.Operation;
import java.util.List;

/**
 * One atomic batch in the log: all of its operations hold, or none.
 *
 * @param timeMs when it was appended, in milliseconds since 1970; for people and time travel, never for ordering
 */
public record LogEntry(LogOffset offset, CollectionId collection, long timeMs, List<Operation> operations) {
    public LogEntry {
        operations = List.copyOf(operations);
    }
}

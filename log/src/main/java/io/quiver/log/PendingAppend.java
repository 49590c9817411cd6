package io.quiver.log;

import io.quiver.log.record.CollectionId;
import io.quiver.log.record.GrowingBuffer;
import io.quiver.log.record.LogOffset;
import io.quiver.log.record.Operation;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.MonoSink;

/**
 * A batch on its way into the log, encoded, with the caller who waits for it.
 *
 * @param condition to be checked when it is written; {@code null} where there is none
 */
record PendingAppend(
        CollectionId collection,
        List<Operation> operations,
        @Nullable Unchanged condition,
        GrowingBuffer payload,
        MonoSink<LogOffset> caller) {
    /** What the batch takes in the body of a group. */
    long entryBytes() {
        return (long) EntryHeader.BYTES + payload.sizeBytes();
    }
}

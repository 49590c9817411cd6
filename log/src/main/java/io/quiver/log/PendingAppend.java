package io.quiver.log;

import io.quiver.log.record.CollectionId;
import io.quiver.log.record.GrowingBuffer;
import io.quiver.log.record.LogOffset;
import io.quiver.log.record.Operation;
import java.util.List;
import reactor.core.publisher.MonoSink;

/** A batch on its way into the log, encoded, with the caller who waits for it. */
record PendingAppend(
        CollectionId collection, List<Operation> operations, GrowingBuffer payload, MonoSink<LogOffset> caller) {
    /** What the batch takes in the body of a group. */
    long entryBytes() {
        return (long) EntryHeader.BYTES + payload.sizeBytes();
    }
}

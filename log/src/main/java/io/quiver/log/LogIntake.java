package io.quiver.log;

import io.quiver.log.record.CollectionId;
import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.GrowingBuffer;
import io.quiver.log.record.LogOffset;
import io.quiver.log.record.Operation;
import io.quiver.log.record.QuiverException;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.MonoSink;

/**
 * Where batches come in: refuses what cannot be taken, encodes the rest and queues it. Safe on every thread; never
 * waits.
 */
final class LogIntake {
    private static final Duration RETRY_WHEN_BUSY = Duration.ofMillis(100);
    private static final Duration RETRY_WHEN_FULL = Duration.ofSeconds(5);

    private final AppendQueue queue;
    private final int entryBytesMax;
    private final Supplier<@Nullable QuiverException> stopped;
    private final BooleanSupplier isDiskFull;
    private volatile boolean isClosing;
    private volatile boolean isClosed;

    /**
     * @param stopped why nothing is written any more, if so
     * @param isDiskFull whether there is no room for more than deletes
     */
    LogIntake(
            AppendQueue queue,
            int entryBytesMax,
            Supplier<@Nullable QuiverException> stopped,
            BooleanSupplier isDiskFull) {
        this.queue = queue;
        this.entryBytesMax = entryBytesMax;
        this.stopped = stopped;
        this.isDiskFull = isDiskFull;
    }

    /** Queues a batch for the log, or answers the caller why not. */
    void append(
            CollectionId collection, List<Operation> batch, @Nullable Unchanged condition, MonoSink<LogOffset> caller) {
        long estimatedBytes = OperationCodec.estimateBytes(batch);
        QuiverException refusal = refusal(batch, estimatedBytes);
        if (refusal != null) {
            caller.error(refusal);
            return;
        }
        GrowingBuffer payload = new GrowingBuffer((int) estimatedBytes);
        OperationCodec.write(payload, batch);
        if (payload.sizeBytes() > entryBytesMax) {
            caller.error(tooLarge(payload.sizeBytes()));
        } else if (!queue.offer(new PendingAppend(collection, batch, condition, payload, caller))) {
            caller.error(busy());
        } else if (isClosed) {
            refuseLeftovers();
        }
    }

    /** What stands against a batch before it is worth encoding. */
    private @Nullable QuiverException refusal(List<Operation> batch, long estimatedBytes) {
        QuiverException failure = stopped.get();
        if (failure != null) {
            return failure;
        }
        if (isClosing) {
            return closed();
        }
        if (estimatedBytes > entryBytesMax) {
            return tooLarge(estimatedBytes);
        }
        if (isDiskFull.getAsBoolean() && !batch.stream().allMatch(Operation.Delete.class::isInstance)) {
            return diskFull();
        }
        return queue.hasRoom(estimatedBytes) ? null : busy();
    }

    boolean isClosing() {
        return isClosing;
    }

    /** Takes nothing more; what is queued is still written. */
    void beginClosing() {
        isClosing = true;
        queue.close();
    }

    /** The writer has ended: whatever came in at the last moment is refused. */
    void close() {
        isClosed = true;
        refuseLeftovers();
    }

    private void refuseLeftovers() {
        for (PendingAppend left = queue.poll(); left != null; left = queue.poll()) {
            left.caller().error(closed());
        }
    }

    static QuiverException diskFull() {
        return new QuiverException(ErrorCode.STORAGE_FULL, "the disk of the log is full", RETRY_WHEN_FULL);
    }

    private QuiverException tooLarge(long sizeBytes) {
        return new QuiverException(
                ErrorCode.PAYLOAD_TOO_LARGE,
                "a batch of %d bytes is more than the log takes at once: %d".formatted(sizeBytes, entryBytesMax));
    }

    private static QuiverException busy() {
        return new QuiverException(ErrorCode.BACKOFF, "the log's queue is full", RETRY_WHEN_BUSY);
    }

    private static QuiverException closed() {
        return new QuiverException(ErrorCode.UNAVAILABLE, "the log is closed");
    }
}

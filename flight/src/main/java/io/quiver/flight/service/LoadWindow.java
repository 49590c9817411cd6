package io.quiver.flight.service;

import io.quiver.flight.StreamGate;
import io.quiver.log.record.LogOffset;
import io.quiver.log.record.Operation;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * The batches of one upload that are being written: several at once, so that the log can force them together, and no
 * more than a bound. Each is acknowledged when it and all before it are durable. A batch waits for those under way that
 * share an id with it, so that the later write of a record wins.
 *
 * <p>One thread submits; writes complete on any thread.
 */
final class LoadWindow {
    static final int BATCHES_MAX = 32;
    static final long BYTES_MAX = 32L << 20;

    /** Tells the caller that a batch is durable. Called for one batch after the other, in order. */
    @FunctionalInterface
    interface Acknowledgement {
        void send(LogOffset offset);
    }

    private static final class Batch {
        private final List<Operation> operations;
        private final long bytes;
        private final Acknowledgement acknowledgement;
        private @Nullable LogOffset offset;

        Batch(List<Operation> operations, long bytes, Acknowledgement acknowledgement) {
            this.operations = operations;
            this.bytes = bytes;
            this.acknowledgement = acknowledgement;
        }
    }

    private final StreamGate gate;
    private final Deque<Batch> batches = new ArrayDeque<>();
    private final Set<String> ids = new HashSet<>();
    private long bytes;
    private int writing;
    private @Nullable Throwable failure;

    LoadWindow(StreamGate gate) {
        this.gate = gate;
    }

    /** Begins the write of some operations, after waiting for room. */
    void submit(Mono<LogOffset> write, List<Operation> operations, long batchBytes, Acknowledgement acknowledgement) {
        gate.await(() -> hasRoom(batchBytes));
        gate.await(() -> isFree(operations));
        Batch batch = opened(operations, batchBytes, acknowledgement);
        write.subscribe(offset -> written(batch, offset), this::failed);
    }

    /** Waits until nothing is being written any more. */
    void awaitAll() {
        gate.await(this::isIdle);
    }

    /** What the first failed write failed with; nothing is acknowledged after it. */
    synchronized @Nullable Throwable failure() {
        return failure;
    }

    private synchronized boolean hasRoom(long batchBytes) {
        return batches.isEmpty() || (batches.size() < BATCHES_MAX && bytes + batchBytes <= BYTES_MAX);
    }

    private synchronized boolean isFree(List<Operation> operations) {
        return ids.isEmpty() || operations.stream().noneMatch(operation -> ids.contains(operation.id()));
    }

    private synchronized boolean isIdle() {
        return writing == 0;
    }

    private synchronized Batch opened(List<Operation> operations, long batchBytes, Acknowledgement acknowledgement) {
        Batch batch = new Batch(operations, batchBytes, acknowledgement);
        batches.addLast(batch);
        operations.forEach(operation -> ids.add(operation.id()));
        bytes += batchBytes;
        writing++;
        return batch;
    }

    private void written(Batch batch, LogOffset offset) {
        synchronized (this) {
            batch.offset = offset;
            batch.operations.forEach(operation -> ids.remove(operation.id()));
            writing--;
            acknowledge();
        }
        gate.changed();
    }

    private void acknowledge() {
        Batch first = batches.peekFirst();
        while (first != null && first.offset != null && failure == null) {
            first.acknowledgement.send(first.offset);
            batches.removeFirst();
            bytes -= first.bytes;
            first = batches.peekFirst();
        }
    }

    private void failed(Throwable reason) {
        synchronized (this) {
            writing--;
            if (failure == null) {
                failure = reason;
            }
        }
        gate.changed();
        gate.stopReading();
    }
}

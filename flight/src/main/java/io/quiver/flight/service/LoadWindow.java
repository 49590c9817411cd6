package io.quiver.flight.service;

import io.quiver.flight.StreamGate;
import io.quiver.log.record.LogOffset;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * The batches of one upload that are being written: several at once, so that the log can force them together, and no
 * more than a bound. Each is acknowledged when it and all before it are durable.
 *
 * <p>One thread submits; writes complete on any thread.
 */
final class LoadWindow {
    static final int BATCHES_MAX = 32;
    static final long BYTES_MAX = 32L << 20;

    /** Tells the caller that a batch is durable. Called for one batch after the other, in order. */
    @FunctionalInterface
    interface Acknowledgement {
        void send(LogOffset offset, int rows);
    }

    private static final class Batch {
        private final int rows;
        private final long bytes;
        private @Nullable LogOffset offset;

        Batch(int rows, long bytes) {
            this.rows = rows;
            this.bytes = bytes;
        }
    }

    private final StreamGate gate;
    private final Acknowledgement acknowledgement;
    private final Deque<Batch> batches = new ArrayDeque<>();
    private long bytes;
    private int writing;
    private @Nullable Throwable failure;

    LoadWindow(StreamGate gate, Acknowledgement acknowledgement) {
        this.gate = gate;
        this.acknowledgement = acknowledgement;
    }

    /** Begins a write, after waiting for room. */
    void submit(Mono<LogOffset> write, int rows, long batchBytes) {
        gate.await(() -> hasRoom(batchBytes));
        Batch batch = opened(rows, batchBytes);
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

    private synchronized boolean isIdle() {
        return writing == 0;
    }

    private synchronized Batch opened(int rows, long batchBytes) {
        Batch batch = new Batch(rows, batchBytes);
        batches.addLast(batch);
        bytes += batchBytes;
        writing++;
        return batch;
    }

    private void written(Batch batch, LogOffset offset) {
        synchronized (this) {
            batch.offset = offset;
            writing--;
            acknowledge();
        }
        gate.changed();
    }

    private void acknowledge() {
        Batch first = batches.peekFirst();
        while (first != null && first.offset != null && failure == null) {
            acknowledgement.send(first.offset, first.rows);
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

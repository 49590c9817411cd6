package io.quiver.flight;

import io.grpc.Context;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.arrow.flight.OutboundStreamListener;
import org.jspecify.annotations.Nullable;

/**
 * What the thread that serves one stream must know of gRPC's callbacks: when there is room to write, and that the caller
 * has gone.
 *
 * <p>Arrow frees the buffers of an exchange inside gRPC's cancel callback, also while another thread reads them. The gate
 * therefore holds that callback back until the serving thread has left; {@link #close} says so.
 */
public final class StreamGate implements AutoCloseable {
    static final Context.Key<StreamGate> KEY = Context.key("quiver-stream-gate");

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean cancelled;
    private boolean left;
    private @Nullable Runnable tearDown;

    StreamGate() {}

    /** The gate of the call that this thread serves; ask before handing the call to another thread. */
    public static StreamGate current() {
        StreamGate gate = KEY.get();
        if (gate == null) {
            throw new IllegalStateException("no Flight call on this thread");
        }
        return gate;
    }

    /** Waits until the stream takes more without buffering; false when the caller has gone. */
    public boolean awaitReady(OutboundStreamListener stream) throws InterruptedException {
        lock.lock();
        try {
            while (!cancelled && !stream.isReady()) {
                changed.await();
            }
            return !cancelled;
        } finally {
            lock.unlock();
        }
    }

    public boolean isCancelled() {
        lock.lock();
        try {
            return cancelled;
        } finally {
            lock.unlock();
        }
    }

    /** The serving thread touches the stream no more. */
    @Override
    public void close() {
        Runnable held;
        lock.lock();
        try {
            left = true;
            held = tearDown;
            tearDown = null;
        } finally {
            lock.unlock();
        }
        if (held != null) {
            held.run();
        }
    }

    void ready() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The caller has gone: wakes the serving thread; {@code then} runs when that has left. */
    void cancel(Runnable then) {
        lock.lock();
        try {
            cancelled = true;
            changed.signalAll();
            if (!left) {
                tearDown = then;
                return;
            }
        } finally {
            lock.unlock();
        }
        then.run();
    }
}

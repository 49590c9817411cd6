package io.quiver.flight;

import io.grpc.Context;
import io.quiver.flight.compression.BoundedCompression;
import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.QuiverException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.memory.OutOfMemoryException;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Between the thread that serves one stream and gRPC's callbacks: the thread waits here, for room to write, for an
 * answer, for whatever else, and stops waiting when the caller has gone.
 *
 * <p>Arrow frees the buffers of an exchange inside gRPC's cancel callback, also while another thread reads them. The
 * gate therefore holds that callback back until the serving thread has left; {@link #close} says so.
 */
public final class StreamGate implements AutoCloseable {
    static final Context.Key<StreamGate> KEY = Context.key("quiver-stream-gate");

    private static final Duration FOR_EVER = Duration.ofDays(10_000);

    private final BooleanSupplier isReady;
    private final MessageWindow window;
    private final Duration patience;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private Runnable endOfInput = () -> {};
    private @Nullable Runnable tearDown;
    private boolean hasDescriptor;
    private boolean isInputEnded;
    private boolean isCancelled;
    private boolean isStopping;
    private boolean hasLeft;
    private @Nullable String fault;

    /**
     * @param isReady whether the call takes more without buffering
     * @param patience how long a caller may take nothing before it is cut off
     */
    StreamGate(BooleanSupplier isReady, MessageWindow window, Duration patience) {
        this.isReady = isReady;
        this.window = window;
        this.patience = patience;
    }

    /** The gate of the call that this thread serves; ask before handing the call to another thread. */
    public static StreamGate current() {
        StreamGate gate = KEY.get();
        if (gate == null) {
            throw new IllegalStateException("no Flight call on this thread");
        }
        return gate;
    }

    /**
     * Waits for the next batch of an upload and loads it into the stream's root; false when there is none. What is not
     * Arrow is refused with {@code INVALID_ARGUMENT}.
     */
    public boolean next(FlightStream upload) {
        try {
            BoundedCompression.takeFault();
            boolean hasNext = upload.next();
            String damage = BoundedCompression.takeFault();
            if (damage != null) {
                throw QuiverException.invalid(damage);
            }
            if (hasNext) {
                window.taken();
            } else {
                throwFault();
            }
            return hasNext;
        } catch (FlightRuntimeException | QuiverException known) {
            throw known;
        } catch (OutOfMemoryException full) {
            throw new QuiverException(ErrorCode.RESOURCE_EXHAUSTED, "there is no memory for the batch");
        } catch (RuntimeException damaged) {
            throw QuiverException.invalid("the batch cannot be read: " + damaged.getMessage());
        }
    }

    /** A message was damaged and not taken: the serving thread learns so after those before it. */
    void refuse(String reason) {
        lock.lock();
        try {
            fault = reason;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        stopReading();
    }

    private void throwFault() {
        lock.lock();
        try {
            if (fault != null) {
                throw QuiverException.invalid(fault);
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until the stream takes more without buffering; fails with {@code CANCELLED} when the caller has gone, with
     * {@code RESOURCE_EXHAUSTED} when it has not taken anything for too long.
     */
    public void awaitReady() {
        if (!await(isReady, patience)) {
            throw new QuiverException(
                    ErrorCode.RESOURCE_EXHAUSTED,
                    "the stream is cut off: nothing was read from it for %d ms".formatted(patience.toMillis()));
        }
    }

    /**
     * Waits for a fact; who makes it true calls {@link #changed}. Fails with {@code CANCELLED} when the caller has
     * gone.
     *
     * @param fact asked under the gate's lock: who calls {@link #changed} holds no lock that this takes
     */
    public void await(BooleanSupplier fact) {
        await(fact, FOR_EVER);
    }

    /** False where the fact does not become true in time. */
    private boolean await(BooleanSupplier fact, Duration timeMax) {
        long nanos = timeMax.toNanos();
        lock.lock();
        try {
            while (!isCancelled && nanos > 0 && !fact.getAsBoolean()) {
                nanos = changed.awaitNanos(nanos);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw stopping();
        } finally {
            lock.unlock();
        }
        if (isCancelled()) {
            throw new QuiverException(ErrorCode.CANCELLED, "the caller has gone");
        }
        return nanos > 0;
    }

    /** Waits for an answer, which must not be empty, and cancels the work for it when the caller has gone. */
    public <T> T await(Mono<T> work) {
        CompletableFuture<@Nullable T> answer = work.doFinally(_ -> changed()).toFuture();
        try {
            await(answer::isDone);
            return Objects.requireNonNull(answer.join());
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException failure ? failure : e;
        } finally {
            answer.cancel(true);
        }
    }

    /** The descriptor that comes with the first message of an upload, which need not ever come. */
    public FlightDescriptor descriptor(FlightStream stream) {
        return descriptor(stream::getDescriptor);
    }

    /** @param known asked when it has come, at whatever time */
    FlightDescriptor descriptor(Supplier<FlightDescriptor> known) {
        await(() -> hasDescriptor || isInputEnded || isStopping || fault != null);
        if (!hasDescriptor()) {
            throwFault();
            refuseIfStopping();
            throw QuiverException.invalid("the stream ended before a descriptor came");
        }
        return known.get();
    }

    /** What was awaited may have become true. */
    public void changed() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Lets the serving thread find the end of its input, although the caller may send more. */
    public void stopReading() {
        Runnable end;
        lock.lock();
        try {
            end = endOfInput;
        } finally {
            lock.unlock();
        }
        end.run();
    }

    /** Whether the server stops, so that what has no end must end now. */
    public boolean isStopping() {
        lock.lock();
        try {
            return isStopping;
        } finally {
            lock.unlock();
        }
    }

    /** At the end of the input: fails with {@code UNAVAILABLE} where it ended because the server stops. */
    public void refuseIfStopping() {
        lock.lock();
        try {
            if (isStopping && !isInputEnded) {
                throw stopping();
            }
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
            hasLeft = true;
            held = tearDown;
            tearDown = null;
        } finally {
            lock.unlock();
        }
        if (held != null) {
            held.run();
        }
    }

    void opened(Runnable end) {
        lock.lock();
        try {
            endOfInput = end;
        } finally {
            lock.unlock();
        }
    }

    /** The server stops: what came so far is served, no more is read. */
    void stop() {
        lock.lock();
        try {
            isStopping = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        stopReading();
    }

    /** The stream has its descriptor, so that asking for it waits no more. */
    void descriptorCame() {
        lock.lock();
        try {
            hasDescriptor = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void inputEnded() {
        lock.lock();
        try {
            isInputEnded = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The caller has gone: wakes the serving thread; {@code then} runs when that has left. */
    void cancel(Runnable then) {
        lock.lock();
        try {
            isInputEnded = true;
            isCancelled = true;
            changed.signalAll();
            if (!hasLeft) {
                tearDown = then;
                return;
            }
        } finally {
            lock.unlock();
        }
        then.run();
    }

    private static QuiverException stopping() {
        return new QuiverException(ErrorCode.UNAVAILABLE, "the server stops");
    }

    private boolean hasDescriptor() {
        lock.lock();
        try {
            return hasDescriptor;
        } finally {
            lock.unlock();
        }
    }

    private boolean isCancelled() {
        lock.lock();
        try {
            return isCancelled;
        } finally {
            lock.unlock();
        }
    }
}

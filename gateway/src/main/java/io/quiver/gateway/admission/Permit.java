package io.quiver.gateway.admission;

import java.util.concurrent.atomic.AtomicBoolean;

/** A place among the requests in flight. Closing it again does nothing. */
public final class Permit implements AutoCloseable {
    private final Runnable leave;
    private final AtomicBoolean isClosed = new AtomicBoolean();

    Permit(Runnable leave) {
        this.leave = leave;
    }

    @Override
    public void close() {
        if (isClosed.compareAndSet(false, true)) {
            leave.run();
        }
    }
}

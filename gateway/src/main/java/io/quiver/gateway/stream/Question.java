package io.quiver.gateway.stream;

import io.quiver.flight.TraceContext;
import io.quiver.gateway.admission.Permit;
import io.quiver.gateway.http.StreamMessage;
import io.quiver.gateway.trace.RequestTrace;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;

/** A query of one connection, from its message until its answer has left. Belongs to the connection's event loop. */
final class Question {
    private final String id;
    private final StreamMessage message;
    private final boolean hasOwnDeadline;
    private final RequestTrace trace;
    private final long startedNanos = System.nanoTime();
    private @Nullable Permit permit;
    private @Nullable Disposable work;
    private boolean isAnswered;

    Question(String id, StreamMessage message) {
        this.id = id;
        this.message = message;
        this.hasOwnDeadline = message.deadline() != null;
        this.trace = message.trace();
    }

    String id() {
        return id;
    }

    StreamMessage message() {
        return message;
    }

    /** Whether the caller set the deadline, and so knows that an answer may be partial. */
    boolean hasOwnDeadline() {
        return hasOwnDeadline;
    }

    RequestTrace trace() {
        return trace;
    }

    /** The trace where the caller named one. */
    @Nullable TraceContext shownTrace() {
        return message.isTraced() ? trace.context() : null;
    }

    /** Since its message came. */
    Duration age() {
        return Duration.ofNanos(System.nanoTime() - startedNanos);
    }

    boolean isRunning() {
        return permit != null;
    }

    boolean isAnswered() {
        return isAnswered;
    }

    void begin(Permit place) {
        permit = place;
    }

    void working(Disposable disposable) {
        work = disposable;
        if (isAnswered) {
            disposable.dispose();
        }
    }

    /** There is an answer, or nobody waits for one any more: what still works on it stops. */
    void end() {
        isAnswered = true;
        if (work != null) {
            work.dispose();
        }
        if (permit != null) {
            permit.close();
            permit = null;
        }
    }
}

package io.quiver.gateway.stream;

import io.quiver.flight.TraceContext;
import io.quiver.log.record.ErrorCode;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Told of every query of a WebSocket when it has ended; called on its event loop, so it must not wait. */
@FunctionalInterface
public interface QuestionObserver {
    QuestionObserver NONE = (_, _, _) -> {};

    /**
     * There is an answer, which may still wait for the caller's credit, or nobody wants one any more.
     *
     * @param failure {@code null} where there are hits
     * @param duration since the message came
     */
    void ended(@Nullable ErrorCode failure, Duration duration, TraceContext trace);
}

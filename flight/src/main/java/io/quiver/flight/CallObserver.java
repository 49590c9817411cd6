package io.quiver.flight;

import java.time.Duration;

/**
 * Told of every call of a Flight service when it has ended; called on the thread that ends it, which may be one of the
 * transport's, so it must not wait.
 */
@FunctionalInterface
public interface CallObserver {
    CallObserver NONE = (_, _, _, _) -> {};

    /**
     * A call has been answered or refused, or its caller has gone.
     *
     * @param method of Flight, such as {@code DoPut}
     * @param status by gRPC's name, such as {@code OK}
     * @param duration from its head to its end: a stream lasts as long as its caller keeps it open
     */
    void ended(String method, String status, Duration duration, TraceContext trace);
}

package io.quiver.gateway.http;

import io.quiver.executor.query.SearchStage;
import io.quiver.flight.TraceContext;
import java.time.Duration;

/** Told of every request when it has ended; called on the event loop of the request, so it must not wait. */
@FunctionalInterface
public interface RequestObserver {
    /** Status of a request whose caller did not wait for the answer: it is never sent. */
    int CLIENT_GONE = 499;

    /** Status of a request whose caller took no more of the answer and was cut off: it is never sent. */
    int CLIENT_STALLED = 498;

    RequestObserver NONE = (_, _, _, _, _) -> {};

    /**
     * A request has been answered, or nobody waits for its answer any more.
     *
     * @param template the route's path with parameters in braces, {@code unknown} where there is no route: bounded in
     *     number, fit for a label
     * @param status what was answered, or {@link #CLIENT_GONE} or {@link #CLIENT_STALLED}
     */
    void ended(String method, String template, int status, Duration duration, TraceContext trace);

    /** A request to a route has been through a stage; only what searches is of interest. */
    default void spent(String template, SearchStage stage, long nanos) {}
}

package io.quiver.gateway.http;

import java.time.Duration;

/** Told of every request when it has ended; called on the event loop of the request, so it must not wait. */
@FunctionalInterface
public interface RequestObserver {
    RequestObserver NONE = (method, template, status, duration) -> {};

    /**
     * A request has been answered, or nobody waits for its answer any more.
     *
     * @param template the route's path with parameters in braces, {@code unknown} where there is no route: bounded in
     *     number, fit for a label
     * @param status what was answered, 499 where the caller had gone before
     */
    void ended(String method, String template, int status, Duration duration);
}

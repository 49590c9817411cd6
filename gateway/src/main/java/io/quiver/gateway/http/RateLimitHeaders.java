package io.quiver.gateway.http;

import io.quiver.gateway.admission.Allowance;
import io.vertx.core.MultiMap;

/** How a caller is told what it has left: in cost units, and in seconds until all of them are there again. */
final class RateLimitHeaders {
    static final String LIMIT = "x-ratelimit-limit";
    static final String REMAINING = "x-ratelimit-remaining";
    static final String RESET = "x-ratelimit-reset";

    private RateLimitHeaders() {}

    static void put(MultiMap headers, Allowance allowance) {
        headers.set(LIMIT, Long.toString((long) allowance.limit()));
        headers.set(REMAINING, Long.toString((long) allowance.remaining()));
        headers.set(
                RESET, Long.toString(allowance.refilled().plusNanos(999_999_999).toSeconds()));
    }
}

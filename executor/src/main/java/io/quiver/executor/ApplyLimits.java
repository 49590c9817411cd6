package io.quiver.executor;

import java.time.Duration;

/**
 * How entries of the log are applied, and waited for.
 *
 * @param entriesAhead entries asked for before those at hand are applied
 * @param waitMax how long a writer waits for its entry to be applied
 * @param waitersMax callers that may wait for an offset at one time
 */
public record ApplyLimits(int entriesAhead, Duration waitMax, int waitersMax) {
    public static final ApplyLimits DEFAULT = new ApplyLimits(32, Duration.ofSeconds(10), 100_000);

    public ApplyLimits {
        AtLeastOne.require("entriesAhead", entriesAhead);
        AtLeastOne.require("waitersMax", waitersMax);
    }
}

package io.quiver.gateway.http;

import java.time.Duration;

/** A caller took nothing of its answer for too long. */
final class StalledException extends Exception {
    StalledException(Duration stall) {
        super("the caller took nothing of its answer for %d ms".formatted(stall.toMillis()), null, false, false);
    }
}

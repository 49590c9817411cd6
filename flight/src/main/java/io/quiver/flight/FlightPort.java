package io.quiver.flight;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where a Flight service is offered, to whom, and within which bounds.
 *
 * @param access asked who calls
 * @param tls {@code null} for none
 * @param limits of calls and messages
 * @param drain how long open calls run on when the service ends
 * @param observer told of every call
 */
public record FlightPort(
        FlightAddress address,
        FlightAccess access,
        @Nullable FlightTls tls,
        FlightLimits limits,
        Duration drain,
        CallObserver observer) {
    /** For everyone, and nobody is told of calls. */
    public static FlightPort open(FlightAddress address, FlightLimits limits, Duration drain) {
        return new FlightPort(address, FlightAccess.OPEN, null, limits, drain, CallObserver.NONE);
    }
}

package io.quiver.flight;

import java.time.Duration;

/**
 * What callers may take of a Flight server.
 *
 * @param messageBytesMax of one message, up to {@link #MESSAGE_BYTES_MAX}; a larger one fails its call
 * @param headerBytesMax of the metadata of one call
 * @param callsMax calls open at once; more are refused with {@code UNAVAILABLE}
 * @param callMax how long one batch of queries, or one page of records, may take, and how long a batch of records may
 *     be put off
 * @param stallMax a caller that takes nothing of its stream for so long is cut off
 * @param idleMax a connection without calls is closed after so long
 * @param connectionsMax open at once; more are closed
 * @param connectionsPerAddressMax of these from one address, or one network of IPv6
 * @param resetsMax calls that a connection may take back in each {@code resetsWindow}; then it is closed
 */
public record FlightLimits(
        int messageBytesMax,
        int headerBytesMax,
        int callsMax,
        Duration callMax,
        Duration stallMax,
        Duration idleMax,
        int connectionsMax,
        int connectionsPerAddressMax,
        int resetsMax,
        Duration resetsWindow) {
    /** No message of another process may be larger. */
    public static final int MESSAGE_BYTES_MAX = 64 << 20;

    public static final FlightLimits DEFAULT = new FlightLimits(
            MESSAGE_BYTES_MAX,
            16 << 10,
            1_024,
            Duration.ofSeconds(60),
            Duration.ofSeconds(60),
            Duration.ofMinutes(5),
            2_048,
            512,
            1_000,
            Duration.ofSeconds(30));

    public FlightLimits {
        if (messageBytesMax < 1 || messageBytesMax > MESSAGE_BYTES_MAX || headerBytesMax < 1 || callsMax < 1) {
            throw new IllegalArgumentException(
                    "limits of Flight must be positive, and messages at most %d bytes".formatted(MESSAGE_BYTES_MAX));
        }
        if (connectionsMax < 1 || connectionsPerAddressMax < 1 || resetsMax < 1) {
            throw new IllegalArgumentException("connections over Flight must be allowed, and what they take back");
        }
        if (!callMax.isPositive() || !stallMax.isPositive() || !idleMax.isPositive() || resetsWindow.toSeconds() < 1) {
            throw new IllegalArgumentException("times of Flight must be positive");
        }
    }

    public FlightLimits withCallsMax(int other) {
        return new FlightLimits(
                messageBytesMax,
                headerBytesMax,
                other,
                callMax,
                stallMax,
                idleMax,
                connectionsMax,
                connectionsPerAddressMax,
                resetsMax,
                resetsWindow);
    }
}

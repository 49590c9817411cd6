package io.quiver.gateway.connection;

import java.time.Duration;

/**
 * How many connections there may be, and what they may do without a request.
 *
 * @param connectionsMax open at once
 * @param perAddressMax of these from one address, or from one network of IPv6 (its first 64 bits)
 * @param headMax how long the head of a request may take from its first byte on, the greeting of TLS included
 * @param idleMax how long a connection may wait with its first request
 * @param keptMax how long it may have no request under way after that: longer than clients keep connections that they
 *     mean to use again, for a request that meets the end of its connection fails
 */
public record ConnectionLimits(
        int connectionsMax, int perAddressMax, Duration headMax, Duration idleMax, Duration keptMax) {
    public ConnectionLimits {
        if (connectionsMax < 1 || perAddressMax < 1) {
            throw new IllegalArgumentException("connections must be allowed at least 1, not %d and %d an address"
                    .formatted(connectionsMax, perAddressMax));
        }
        if (!headMax.isPositive() || !idleMax.isPositive() || !keptMax.isPositive()) {
            throw new IllegalArgumentException("times of connections must be positive");
        }
    }
}

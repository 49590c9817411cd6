package io.quiver.flight.link;

import io.quiver.flight.FlightLimits;

/**
 * How much a link carries.
 *
 * @param messagesUnderWay messages with queries sent and not answered; what comes meanwhile waits and forms the next
 * @param queriesPerMessage no more are joined in one message; a request is never split
 * @param bytesPerMessage no more are joined in one message, either way
 * @param requestsMax requests waiting or under way; more are refused
 */
public record LinkLimits(int messagesUnderWay, int queriesPerMessage, int bytesPerMessage, int requestsMax) {
    public static final LinkLimits DEFAULT = new LinkLimits(2, 1024, 2 << 20, 16_384);

    /** A request that is larger by itself is refused: the other side would not take it. */
    static final long REQUEST_BYTES_MAX = FlightLimits.MESSAGE_BYTES_MAX - (1 << 20);

    public LinkLimits {
        if (messagesUnderWay < 1 || queriesPerMessage < 1 || bytesPerMessage < 1 || requestsMax < 1) {
            throw new IllegalArgumentException("limits of a link must be positive");
        }
    }
}

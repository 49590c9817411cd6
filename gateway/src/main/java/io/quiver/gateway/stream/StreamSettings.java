package io.quiver.gateway.stream;

import java.time.Duration;

/**
 * What a stream may take.
 *
 * @param connectionsMax streams open at once; more are closed as soon as they open
 * @param messageBytesMax of one message from the caller
 * @param inFlightMax questions of one connection that have no answer yet; more are refused
 * @param runningMax of these the ones that the executor works on
 * @param bufferedBytesMax answers of one connection that wait for the caller; one that does not fit becomes an error
 * @param creditInitial answers that a caller may get before it grants more
 * @param timeout of questions that set none themselves
 * @param idleMax a caller of whom nothing is heard for so long, not even an answer to a ping, is cut off
 * @param slowMax a caller that takes nothing of what is sent for so long is cut off
 */
public record StreamSettings(
        int connectionsMax,
        int messageBytesMax,
        int inFlightMax,
        int runningMax,
        int bufferedBytesMax,
        int creditInitial,
        Duration timeout,
        Duration idleMax,
        Duration slowMax) {
    /** Of the first message of a caller that says who they are. */
    public static final int INTRODUCTION_BYTES_MAX = 16 << 10;

    /** What a caller can have been granted at most. */
    static final int CREDIT_MAX = 1 << 20;

    public static final StreamSettings DEFAULT = new StreamSettings(
            10_000,
            1 << 20,
            256,
            64,
            4 << 20,
            1_024,
            Duration.ofSeconds(30),
            Duration.ofSeconds(60),
            Duration.ofSeconds(10));

    public StreamSettings {
        if (connectionsMax < 1
                || messageBytesMax < 1
                || inFlightMax < 1
                || runningMax < 1
                || bufferedBytesMax < 1
                || creditInitial < 0) {
            throw new IllegalArgumentException("limits of a stream must be positive");
        }
        if (!timeout.isPositive() || !idleMax.isPositive() || !slowMax.isPositive()) {
            throw new IllegalArgumentException("times of a stream must be positive");
        }
    }

    /** Bytes that wait above which no further question is begun. */
    int fullBytes() {
        return bufferedBytesMax / 4;
    }
}

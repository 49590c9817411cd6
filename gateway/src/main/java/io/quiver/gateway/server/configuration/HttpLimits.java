package io.quiver.gateway.server.configuration;

import java.time.Duration;

/**
 * What callers over HTTP may take of it.
 *
 * @param headerBytesMax of all header lines of a request
 * @param headersMax header lines of a request
 * @param uriBytesMax of the first line of a request
 * @param idleMax a connection on which nothing happens is closed after so long
 * @param stallMax how long a caller may take nothing of its answer
 */
public record HttpLimits(
        int bodyBytesMax, int headerBytesMax, int headersMax, int uriBytesMax, Duration idleMax, Duration stallMax) {
    private static final int BODY_BYTES_LIMIT = Integer.MAX_VALUE / 2;
    private static final int HEAD_LIMIT = 1 << 20;
    private static final Duration TIME_MIN = Duration.ofMillis(1);
    private static final Duration TIME_MAX = Duration.ofHours(1);

    static HttpLimits read(SettingReader settings) {
        return new HttpLimits(
                (int) settings.get(Setting.HTTP_BODY_BYTES_MAX).bytes(BODY_BYTES_LIMIT),
                (int) settings.get(Setting.HTTP_HEADER_BYTES_MAX).bytes(HEAD_LIMIT),
                settings.get(Setting.HTTP_HEADERS_MAX).integer(1, HEAD_LIMIT),
                (int) settings.get(Setting.HTTP_URI_BYTES_MAX).bytes(HEAD_LIMIT),
                settings.get(Setting.HTTP_IDLE_TIMEOUT).duration(Duration.ofSeconds(1), TIME_MAX),
                settings.get(Setting.HTTP_STALL_MAX).duration(TIME_MIN, TIME_MAX));
    }
}

package io.quiver.gateway.server.configuration;

import io.quiver.gateway.connection.ConnectionLimits;
import java.time.Duration;

/**
 * What callers over HTTP may take of it.
 *
 * @param headerBytesMax of all header lines of a request
 * @param headersMax header lines of a request
 * @param uriBytesMax of the first line of a request
 * @param bodyBytesPerSecondMin how fast a body must come
 * @param bodyWindow over which its rate is measured
 * @param stallMax how long a caller may take nothing of its answer
 * @param streamsMax requests at once of one HTTP/2 connection
 * @param resetsMax requests that an HTTP/2 connection may take back in each {@code resetsWindow}
 */
public record HttpLimits(
        ConnectionLimits connections,
        int bodyBytesMax,
        int headerBytesMax,
        int headersMax,
        int uriBytesMax,
        int bodyBytesPerSecondMin,
        Duration bodyWindow,
        Duration stallMax,
        int streamsMax,
        int resetsMax,
        Duration resetsWindow) {
    private static final int BODY_BYTES_LIMIT = Integer.MAX_VALUE / 2;
    private static final int MANY = 1 << 20;
    private static final Duration TIME_MIN = Duration.ofMillis(1);
    private static final Duration TIME_MAX = Duration.ofHours(1);

    static HttpLimits read(SettingReader settings) {
        return new HttpLimits(
                connections(settings),
                (int) settings.get(Setting.HTTP_BODY_BYTES_MAX).bytes(BODY_BYTES_LIMIT),
                (int) settings.get(Setting.HTTP_HEADER_BYTES_MAX).bytes(MANY),
                settings.get(Setting.HTTP_HEADERS_MAX).integer(1, MANY),
                (int) settings.get(Setting.HTTP_URI_BYTES_MAX).bytes(MANY),
                (int) settings.get(Setting.HTTP_BODY_RATE_MIN).bytes(BODY_BYTES_LIMIT),
                time(settings, Setting.HTTP_BODY_WINDOW),
                time(settings, Setting.HTTP_STALL_MAX),
                settings.get(Setting.HTTP2_STREAMS_MAX).integer(1, MANY),
                settings.get(Setting.HTTP2_RESETS_MAX).integer(1, MANY),
                settings.get(Setting.HTTP2_RESETS_WINDOW).duration(Duration.ofSeconds(1), TIME_MAX));
    }

    private static ConnectionLimits connections(SettingReader settings) {
        return new ConnectionLimits(
                settings.get(Setting.HTTP_CONNECTIONS_MAX).integer(1, MANY),
                settings.get(Setting.HTTP_CONNECTIONS_PER_ADDRESS_MAX).integer(1, MANY),
                time(settings, Setting.HTTP_HEADER_TIMEOUT),
                time(settings, Setting.HTTP_IDLE_TIMEOUT),
                time(settings, Setting.HTTP_KEEP_ALIVE));
    }

    private static Duration time(SettingReader settings, Setting setting) {
        return settings.get(setting).duration(TIME_MIN, TIME_MAX);
    }
}

package io.quiver.gateway.http;

import java.time.Duration;
import java.util.List;

/**
 * What the HTTP API allows.
 *
 * @param version three numbers with dots, as clients want it
 * @param allowReset whether {@code POST /api/v2/reset} deletes everything or is refused
 * @param limits what one request may ask; clients are told how many records they may send, and some refuse to send more
 * @param listed every limit of the server, for who asks
 * @param bodyBytesMax of one request
 * @param bodiesBytesMax of all requests under way together: the memory that bodies may take
 * @param timeout of requests that set none themselves
 * @param pace how fast bodies must come
 * @param stallMax how long a caller may take nothing of its answer
 * @param origins whose web pages may use the server
 */
public record ApiSettings(
        String version,
        boolean allowReset,
        RequestLimits limits,
        List<ListedLimit> listed,
        int bodyBytesMax,
        long bodiesBytesMax,
        Duration timeout,
        BodyPace pace,
        Duration stallMax,
        AllowedOrigins origins) {
    public static final int BODY_BYTES_MAX_DEFAULT = 40 * 1024 * 1024;
    public static final long BODIES_BYTES_MAX_DEFAULT = 256L * 1024 * 1024;
    public static final Duration TIMEOUT_DEFAULT = Duration.ofSeconds(30);
    public static final Duration STALL_MAX_DEFAULT = Duration.ofSeconds(10);

    /** Nobody waits longer for an answer. */
    public static final Duration TIMEOUT_MAX = Duration.ofHours(1);

    public ApiSettings {
        listed = List.copyOf(listed);
        if (!version.matches("\\d+\\.\\d+\\.\\d+")) {
            throw new IllegalArgumentException("version must look like 1.2.3, not " + version);
        }
        if (bodyBytesMax < 1 || bodiesBytesMax < bodyBytesMax) {
            throw new IllegalArgumentException("one body (%d bytes) must fit into the memory for all (%d bytes)"
                    .formatted(bodyBytesMax, bodiesBytesMax));
        }
        if (!timeout.isPositive() || timeout.compareTo(TIMEOUT_MAX) > 0) {
            throw new IllegalArgumentException("timeout must lie above 0 and at most at " + TIMEOUT_MAX);
        }
        if (!stallMax.isPositive()) {
            throw new IllegalArgumentException("the longest stall must be positive, not " + stallMax);
        }
    }

    public static ApiSettings of(String version) {
        return new ApiSettings(
                version,
                false,
                RequestLimits.DEFAULT,
                List.of(),
                BODY_BYTES_MAX_DEFAULT,
                BODIES_BYTES_MAX_DEFAULT,
                TIMEOUT_DEFAULT,
                BodyPace.DEFAULT,
                STALL_MAX_DEFAULT,
                AllowedOrigins.NONE);
    }
}

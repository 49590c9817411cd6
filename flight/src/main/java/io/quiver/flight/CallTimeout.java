package io.quiver.flight;

import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.quiver.log.record.QuiverException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How long the caller of a Flight call will wait: gRPC's own {@code grpc-timeout}, at whose end the call is cancelled,
 * and {@code x-timeout-ms} as over HTTP, for each batch of a stream.
 */
public final class CallTimeout {
    static final Context.Key<Duration> ASKED = Context.key("quiver-flight-timeout");

    private static final Metadata.Key<String> HEADER =
            Metadata.Key.of("x-timeout-ms", Metadata.ASCII_STRING_MARSHALLER);

    private CallTimeout() {}

    /** That of the call that this thread serves, at most {@code max}; ask before handing the call to another thread. */
    public static Duration current(Duration max) {
        Duration asked = ASKED.get();
        Deadline deadline = Context.current().getDeadline();
        Duration left = deadline == null ? max : Duration.ofNanos(deadline.timeRemaining(TimeUnit.NANOSECONDS));
        return shorter(left, shorter(asked == null ? max : asked, max));
    }

    /** What the headers ask for; refuses what is no time. */
    static @Nullable Duration asked(Metadata headers) {
        String text = headers.get(HEADER);
        if (text == null) {
            return null;
        }
        try {
            long ms = Long.parseLong(text);
            if (ms > 0) {
                return Duration.ofMillis(ms);
            }
        } catch (NumberFormatException no) {
            // told below
        }
        throw QuiverException.invalid(
                "x-timeout-ms must be a number of milliseconds, at least 1, not '%s'".formatted(text));
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}

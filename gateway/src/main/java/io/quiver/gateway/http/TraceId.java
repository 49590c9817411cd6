package io.quiver.gateway.http;

import io.vertx.core.http.HttpServerRequest;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Names a request in answers and in the log: taken from the caller's W3C {@code traceparent}, or drawn at random. */
final class TraceId {
    /** Clients show it with an error. */
    static final String HEADER = "chroma-trace-id";

    private static final Pattern TRACEPARENT = Pattern.compile("[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}.*");

    private TraceId() {}

    /** 32 hexadecimal digits. */
    static String of(HttpServerRequest request) {
        String fromCaller = fromCaller(request.getHeader("traceparent"));
        return fromCaller == null ? random() : fromCaller;
    }

    private static @Nullable String fromCaller(@Nullable String traceparent) {
        Matcher matcher = TRACEPARENT.matcher(traceparent == null ? "" : traceparent);
        return matcher.matches() ? matcher.group(1) : null;
    }

    /** Of what no caller has named. */
    static String random() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        return "%016x%016x".formatted(random.nextLong(), random.nextLong());
    }
}

package io.quiver.gateway.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.Set;

/**
 * Whose web pages may use the server: browsers keep answers from pages of other origins unless the server says that
 * they may see them. What such a page may ask is what any caller may; credentials are headers, which it must have
 * itself.
 *
 * <p>Immutable, safe on every event loop.
 *
 * @param names as browsers send them, {@code https://app.example.org}; {@link #EVERY} is every one; none by default
 */
public record AllowedOrigins(Set<String> names) {
    public static final AllowedOrigins NONE = new AllowedOrigins(Set.of());
    public static final String EVERY = "*";

    public AllowedOrigins {
        names = Set.copyOf(names);
    }

    /**
     * Adds to the answer what the browser wants to know. Returns whether that was the whole question: a browser asks
     * before it lets a page send anything unusual, and nobody else is to see that request.
     */
    boolean answers(HttpServerRequest request) {
        String origin = request.getHeader(HttpHeaders.ORIGIN);
        if (origin == null || names.isEmpty()) {
            return false;
        }
        request.response().putHeader(HttpHeaders.VARY, HttpHeaders.ORIGIN);
        if (!names.contains(EVERY) && !names.contains(origin)) {
            return false;
        }
        request.response()
                .putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, names.contains(EVERY) ? EVERY : origin)
                .putHeader(HttpHeaders.ACCESS_CONTROL_EXPOSE_HEADERS, EVERY);
        return answersInAdvance(request);
    }

    private static boolean answersInAdvance(HttpServerRequest request) {
        String method = request.getHeader(HttpHeaders.ACCESS_CONTROL_REQUEST_METHOD);
        if (!HttpMethod.OPTIONS.equals(request.method()) || method == null) {
            return false;
        }
        // a star would not stand for "authorization"
        String headers = request.getHeader(HttpHeaders.ACCESS_CONTROL_REQUEST_HEADERS);
        HttpServerResponse response = request.response();
        response.putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_METHODS, method);
        if (headers != null) {
            response.putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_HEADERS, headers);
        }
        response.end();
        return true;
    }
}

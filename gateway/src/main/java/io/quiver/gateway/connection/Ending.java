package io.quiver.gateway.connection;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Why the server ends a connection by itself. */
enum Ending {
    TOO_MANY(503, "Service Unavailable", "Too many connections are open"),
    TOO_MANY_OF_ADDRESS(503, "Service Unavailable", "Too many connections from this address are open"),
    SLOW_HEAD(408, "Request Timeout", "The head of a request took too long"),
    WRONG_BODY(400, "Bad Request", "The body of the request is not in chunks as it should be"),
    IDLE(0, "", "");

    private final int status;
    private final String reason;
    private final String message;

    Ending(int status, String reason, String message) {
        this.status = status;
        this.reason = reason;
        this.message = message;
    }

    /** For metrics. */
    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** An answer to whoever has asked nothing yet; empty where a connection ends as it may at any time. */
    byte[] answer() {
        if (status == 0) {
            return new byte[0];
        }
        String body = "{\"error\":\"%s\",\"message\":\"%s\"}"
                .formatted(status == 400 ? "InvalidArgumentError" : "ChromaError", message);
        String retry = status == 503 ? "Retry-After: 1\r\n" : "";
        return "HTTP/1.1 %d %s\r\nContent-Type: application/json\r\n%sContent-Length: %d\r\nConnection: close\r\n\r\n%s"
                .formatted(status, reason, retry, body.length(), body)
                .getBytes(StandardCharsets.US_ASCII);
    }
}

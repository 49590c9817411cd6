package io.quiver.gateway.stream;

/** Why the server ends a stream, as it is told to the caller. Numbers from 4000 on are ours. */
enum Closing {
    ENDING(1001, "the server ends"),
    TOO_LARGE(1009, "the message is too large"),
    FULL(1013, "too many streams are open"),
    SILENT(4408, "nothing was heard for too long, not even an answer to a ping"),
    SLOW(4429, "what was sent was not read for too long");

    private final int code;
    private final String reason;

    Closing(int code, String reason) {
        this.code = code;
        this.reason = reason;
    }

    short code() {
        return (short) code;
    }

    String reason() {
        return reason;
    }
}

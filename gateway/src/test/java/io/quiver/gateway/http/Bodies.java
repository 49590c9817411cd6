package io.quiver.gateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.QuiverException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.function.Executable;

/** Bodies for tests, and what is expected of those who read them. */
final class Bodies {
    private Bodies() {}

    static RequestBody of(String json) {
        return of(json.getBytes(StandardCharsets.UTF_8));
    }

    static RequestBody of(byte[] bytes) {
        return new RequestBody(bytes, bytes.length, RequestLimits.DEFAULT);
    }

    /** Refused as broken JSON, with {@code problem} as the reason. */
    static void assertBroken(String problem, Executable reading) {
        assertRefused(ErrorCode.INVALID_ARGUMENT, "Failed to parse the request body as JSON: " + problem, reading);
    }

    /** Refused as JSON of a wrong shape. */
    static void assertWrongShape(String problem, Executable reading) {
        assertRefused(
                ErrorCode.UNPROCESSABLE,
                "Failed to deserialize the JSON body into the target type: " + problem,
                reading);
    }

    static void assertRefused(ErrorCode code, String message, Executable reading) {
        QuiverException refusal = assertThrows(QuiverException.class, reading);
        assertEquals(message, refusal.getMessage());
        assertEquals(code, refusal.code());
    }
}

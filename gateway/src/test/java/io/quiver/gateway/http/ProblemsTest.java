package io.quiver.gateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.QuiverException;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Section 1 of the contract: which status and which name an error has. Clients choose their exceptions by both. */
class ProblemsTest {
    private static String expected(ErrorCode code) {
        return switch (code) {
            case INVALID_ARGUMENT -> "400 InvalidArgumentError";
            case NOT_FOUND -> "404 NotFoundError";
            case INTERNAL -> "500 InternalError";
            case BACKOFF -> "429 Backoff";
            case WRITE_CONFLICT -> "409 ConditionalWriteConflictError";
            case STALE_READ -> "412 StaleReadError";
            case CANCELLED -> "400 ChromaError";
            case UNAUTHENTICATED -> "401 ChromaError";
            case PERMISSION_DENIED -> "403 ChromaError";
            case ALREADY_EXISTS -> "409 ChromaError";
            case FAILED_PRECONDITION -> "412 ChromaError";
            case TOO_SLOW -> "408 ChromaError";
            case PAYLOAD_TOO_LARGE -> "413 ChromaError";
            case UNSUPPORTED_MEDIA_TYPE -> "415 ChromaError";
            case UNPROCESSABLE, QUOTA_EXCEEDED -> "422 ChromaError";
            case RESOURCE_EXHAUSTED -> "429 ChromaError";
            case UNIMPLEMENTED -> "501 ChromaError";
            case UNAVAILABLE -> "503 ChromaError";
            case DEADLINE_EXCEEDED -> "504 ChromaError";
            case STORAGE_FULL -> "507 ChromaError";
        };
    }

    @ParameterizedTest
    @EnumSource(ErrorCode.class)
    void everyErrorHasItsStatusAndItsName(ErrorCode code) throws IOException {
        QuiverException problem = new QuiverException(code, "a \"message\"\nof two lines");
        JsonNode body = Json.MAPPER.readTree(Problems.body(problem).getBytes());
        int status = Problems.answer(problem, "0".repeat(32)).status();
        assertEquals(expected(code), status + " " + body.get("error").textValue());
        assertEquals(problem.getMessage(), body.get("message").textValue());
        assertEquals(2, body.size());
    }

    /** Spring AI cuts the message out of the line it is in. */
    @ParameterizedTest
    @EnumSource(ErrorCode.class)
    void everyErrorIsOneLine(ErrorCode code) {
        String body =
                Problems.body(new QuiverException(code, "of\ntwo\r\nlines")).toString();
        assertEquals(1, body.lines().count(), body);
    }
}

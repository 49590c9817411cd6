package io.quiver.gateway.http;

import com.fasterxml.jackson.core.JsonGenerator;
import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.QuiverException;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns whatever went wrong into the one form in which callers are told: the only place that knows status codes. */
final class Problems {
    private static final Logger LOG = LoggerFactory.getLogger(Problems.class);

    /** Names a failed request to its caller: Chroma's clients show it with an error. */
    static final String TRACE_HEADER = "chroma-trace-id";

    private static final int MESSAGE_LENGTH_MAX = 2_000;

    /** Where the refusal itself does not say when it is worth coming again. */
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private Problems() {}

    /** How an error looks on the wire. */
    private record Kind(int status, String name) {}

    static Answer answer(Throwable failure, String traceId) {
        QuiverException problem = problem(failure, traceId);
        return Answer.json(kind(problem.code()).status, out -> {
                    out.writeStartObject();
                    writeFields(out, problem);
                    out.writeEndObject();
                })
                .with(headers(problem, traceId));
    }

    /** The same in plain text: what Chroma's server says of bodies too long to be read as JSON. */
    static Answer plain(Throwable failure, String traceId) {
        QuiverException problem = problem(failure, traceId);
        return new Answer.Encoded(
                kind(problem.code()).status,
                headers(problem, traceId),
                "text/plain; charset=utf-8",
                Buffer.buffer(problem.getMessage()));
    }

    /** The same with a body that {@link #body} made before. */
    static Answer answer(QuiverException problem, String traceId, Buffer body) {
        return new Answer.Encoded(kind(problem.code()).status, headers(problem, traceId), AnswerWriter.JSON, body);
    }

    static Buffer body(QuiverException problem) {
        AnswerBuffer body = new AnswerBuffer();
        try (JsonGenerator out = Json.FACTORY.createGenerator(body)) {
            out.writeStartObject();
            writeFields(out, problem);
            out.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return body.take();
    }

    /** The two fields by which Chroma's clients know an error. */
    private static void writeFields(JsonGenerator out, QuiverException problem) throws IOException {
        out.writeStringField("error", kind(problem.code()).name);
        out.writeStringField("message", BadBody.shortened(problem.getMessage(), MESSAGE_LENGTH_MAX));
    }

    /** The same where there are no headers: with the status, and when to come again. */
    static void writeAllFields(JsonGenerator out, Throwable failure, String traceId) throws IOException {
        QuiverException problem = problem(failure, traceId);
        writeFields(out, problem);
        out.writeNumberField("status", kind(problem.code()).status);
        Duration retryAfter = problem.retryAfter();
        if (retryAfter != null) {
            out.writeNumberField("retry_after_ms", retryAfter.toMillis());
        } else if (isForLater(problem.code())) {
            out.writeNumberField("retry_after_ms", RETRY_AFTER.toMillis());
        }
    }

    private static QuiverException problem(Throwable failure, String traceId) {
        return failure instanceof QuiverException refusal ? refusal : accident(failure, traceId);
    }

    /** Also tells the log: a defect of the server is found by the trace id that the caller was shown. */
    private static QuiverException accident(Throwable failure, String traceId) {
        LOG.atError().addKeyValue("trace_id", traceId).setCause(failure).log("request {} failed", traceId);
        return new QuiverException(ErrorCode.INTERNAL, "Internal error, see the server's log for " + traceId);
    }

    private static Map<String, String> headers(QuiverException problem, String traceId) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put(TRACE_HEADER, traceId);
        if (problem.code() == ErrorCode.UNAUTHENTICATED) {
            headers.put("www-authenticate", "Bearer realm=\"quiver\"");
        }
        Duration retryAfter = problem.retryAfter();
        if (retryAfter != null) {
            headers.put("retry-after", seconds(retryAfter));
        } else if (isForLater(problem.code())) {
            headers.put("retry-after", seconds(RETRY_AFTER));
        }
        return headers;
    }

    /** Rounded up: who comes back at that time is not refused for the same reason. */
    private static String seconds(Duration duration) {
        return Long.toString(Math.max(1, duration.plusNanos(999_999_999).toSeconds()));
    }

    private static boolean isForLater(ErrorCode code) {
        return switch (code) {
            case RESOURCE_EXHAUSTED, BACKOFF, UNAVAILABLE -> true;
            case INVALID_ARGUMENT,
                    UNPROCESSABLE,
                    QUOTA_EXCEEDED,
                    UNAUTHENTICATED,
                    PERMISSION_DENIED,
                    NOT_FOUND,
                    ALREADY_EXISTS,
                    FAILED_PRECONDITION,
                    WRITE_CONFLICT,
                    STALE_READ,
                    TOO_SLOW,
                    PAYLOAD_TOO_LARGE,
                    UNSUPPORTED_MEDIA_TYPE,
                    STORAGE_FULL,
                    DEADLINE_EXCEEDED,
                    CANCELLED,
                    UNIMPLEMENTED,
                    INTERNAL -> false;
        };
    }

    private static Kind kind(ErrorCode code) {
        return switch (code) {
            case INVALID_ARGUMENT -> new Kind(400, "InvalidArgumentError");
            case CANCELLED -> other(400);
            case UNAUTHENTICATED -> other(401);
            case PERMISSION_DENIED -> other(403);
            case NOT_FOUND -> new Kind(404, "NotFoundError");
            case ALREADY_EXISTS -> other(409);
            case FAILED_PRECONDITION -> other(412);
            case WRITE_CONFLICT -> new Kind(409, "ConditionalWriteConflictError");
            case STALE_READ -> new Kind(412, "StaleReadError");
            case TOO_SLOW -> other(408);
            case PAYLOAD_TOO_LARGE -> other(413);
            case UNSUPPORTED_MEDIA_TYPE -> other(415);
            case UNPROCESSABLE, QUOTA_EXCEEDED -> other(422);
            case RESOURCE_EXHAUSTED -> other(429);
            case BACKOFF -> new Kind(429, "Backoff");
            case INTERNAL -> new Kind(500, "InternalError");
            case UNIMPLEMENTED -> other(501);
            case UNAVAILABLE -> other(503);
            case DEADLINE_EXCEEDED -> other(504);
            case STORAGE_FULL -> other(507);
        };
    }

    private static Kind other(int status) {
        return new Kind(status, "ChromaError");
    }
}

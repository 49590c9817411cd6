package io.quiver.flight;

import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.QuiverException;
import java.time.Duration;
import org.apache.arrow.flight.CallStatus;
import org.apache.arrow.flight.ErrorFlightMetadata;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.FlightStatusCode;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Refusals as Flight statuses and back. Flight knows fewer reasons than we do, so the exact one travels in the trailer
 * {@value #CODE_KEY}, and when to come again in {@value #RETRY_AFTER_KEY}.
 */
public final class FlightErrors {
    static final String CODE_KEY = "quiver-error-code";
    static final String RETRY_AFTER_KEY = "quiver-retry-after-ms";

    private static final Logger LOG = LoggerFactory.getLogger(FlightErrors.class);

    private FlightErrors() {}

    /** What a caller may read of a failure; accidents are logged and become {@code INTERNAL} without their details. */
    public static FlightRuntimeException toFlight(Throwable failure) {
        return switch (failure) {
            case FlightRuntimeException known -> known;
            case QuiverException refusal -> refused(refusal);
            default -> refused(accident(failure));
        };
    }

    /** The refusal that a failure means to its caller; accidents are logged. */
    public static QuiverException toRefusal(Throwable failure) {
        return switch (failure) {
            case QuiverException refusal -> refusal;
            case FlightRuntimeException known -> fromFlight(known);
            default -> accident(failure);
        };
    }

    /** What another process refused, as it was refused there. */
    public static QuiverException fromFlight(FlightRuntimeException failure) {
        CallStatus status = failure.status();
        String text = status.description();
        String message = text == null ? status.code().name() : text;
        return new QuiverException(code(status), message, retryAfter(status.metadata()));
    }

    private static QuiverException accident(Throwable failure) {
        TraceContext trace = CallTrace.current();
        String traceId = trace == null ? TraceContext.begun().traceId() : trace.traceId();
        LOG.atError().addKeyValue("trace_id", traceId).setCause(failure).log("a Flight call failed by accident");
        return new QuiverException(ErrorCode.INTERNAL, "internal error, see the server's log for " + traceId);
    }

    private static FlightRuntimeException refused(QuiverException refusal) {
        ErrorFlightMetadata trailer = new ErrorFlightMetadata();
        trailer.insert(CODE_KEY, refusal.code().name());
        Duration retryAfter = refusal.retryAfter();
        if (retryAfter != null) {
            trailer.insert(RETRY_AFTER_KEY, Long.toString(retryAfter.toMillis()));
        }
        return new CallStatus(status(refusal.code()), null, refusal.getMessage(), trailer).toRuntimeException();
    }

    private static FlightStatusCode status(ErrorCode code) {
        return switch (code) {
            case INVALID_ARGUMENT,
                    UNPROCESSABLE,
                    QUOTA_EXCEEDED,
                    FAILED_PRECONDITION,
                    WRITE_CONFLICT,
                    STALE_READ,
                    PAYLOAD_TOO_LARGE,
                    UNSUPPORTED_MEDIA_TYPE -> FlightStatusCode.INVALID_ARGUMENT;
            case UNAUTHENTICATED -> FlightStatusCode.UNAUTHENTICATED;
            case PERMISSION_DENIED -> FlightStatusCode.UNAUTHORIZED;
            case NOT_FOUND -> FlightStatusCode.NOT_FOUND;
            case ALREADY_EXISTS -> FlightStatusCode.ALREADY_EXISTS;
            case RESOURCE_EXHAUSTED, BACKOFF, STORAGE_FULL -> FlightStatusCode.RESOURCE_EXHAUSTED;
            case UNAVAILABLE -> FlightStatusCode.UNAVAILABLE;
            case DEADLINE_EXCEEDED, TOO_SLOW -> FlightStatusCode.TIMED_OUT;
            case CANCELLED -> FlightStatusCode.CANCELLED;
            case UNIMPLEMENTED -> FlightStatusCode.UNIMPLEMENTED;
            case INTERNAL -> FlightStatusCode.INTERNAL;
        };
    }

    private static ErrorCode code(CallStatus status) {
        ErrorFlightMetadata trailer = status.metadata();
        if (trailer != null && trailer.containsKey(CODE_KEY)) {
            try {
                return ErrorCode.valueOf(trailer.get(CODE_KEY));
            } catch (IllegalArgumentException unknown) {
                LOG.debug("a peer of another version refused with {}", trailer.get(CODE_KEY));
            }
        }
        return code(status.code());
    }

    private static ErrorCode code(FlightStatusCode status) {
        return switch (status) {
            case INVALID_ARGUMENT -> ErrorCode.INVALID_ARGUMENT;
            case UNAUTHENTICATED -> ErrorCode.UNAUTHENTICATED;
            case UNAUTHORIZED -> ErrorCode.PERMISSION_DENIED;
            case NOT_FOUND -> ErrorCode.NOT_FOUND;
            case ALREADY_EXISTS -> ErrorCode.ALREADY_EXISTS;
            case RESOURCE_EXHAUSTED -> ErrorCode.RESOURCE_EXHAUSTED;
            case UNAVAILABLE -> ErrorCode.UNAVAILABLE;
            case TIMED_OUT -> ErrorCode.DEADLINE_EXCEEDED;
            case CANCELLED -> ErrorCode.CANCELLED;
            case UNIMPLEMENTED -> ErrorCode.UNIMPLEMENTED;
            case OK, UNKNOWN, INTERNAL -> ErrorCode.INTERNAL;
        };
    }

    private static @Nullable Duration retryAfter(@Nullable ErrorFlightMetadata trailer) {
        if (trailer == null || !trailer.containsKey(RETRY_AFTER_KEY)) {
            return null;
        }
        return Duration.ofMillis(Long.parseLong(trailer.get(RETRY_AFTER_KEY)));
    }
}

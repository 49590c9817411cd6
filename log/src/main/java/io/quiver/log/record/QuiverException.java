package io.quiver.log.record;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A refusal with its reason in one line, meant for the caller to read: what was expected, what was found and where.
 *
 * <p>It carries no stack trace, for it is an answer and not an accident; accidents are other exceptions, which the
 * doors answer as {@link ErrorCode#INTERNAL} and log.
 */
public sealed class QuiverException extends RuntimeException permits DoubtfulException, QuotaException {
    private final ErrorCode code;
    private final @Nullable Duration retryAfter;

    public QuiverException(ErrorCode code, String message) {
        this(code, message, null);
    }

    public QuiverException(ErrorCode code, String message, @Nullable Duration retryAfter) {
        super(message, null, false, false);
        this.code = code;
        this.retryAfter = retryAfter;
    }

    public static QuiverException invalid(String message) {
        return new QuiverException(ErrorCode.INVALID_ARGUMENT, message);
    }

    public static QuiverException notFound(String message) {
        return new QuiverException(ErrorCode.NOT_FOUND, message);
    }

    public ErrorCode code() {
        return code;
    }

    /** When to come again, where the server knows. */
    public @Nullable Duration retryAfter() {
        return retryAfter;
    }

    @Override
    public String getMessage() {
        return Objects.requireNonNullElse(super.getMessage(), code.name());
    }
}

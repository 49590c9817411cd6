package io.quiver.gateway.admission;

import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.QuiverException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Whether a request may go on. */
public sealed interface Decision {
    /** Of which the decision was made; {@code null} where there is no limit. */
    @Nullable Allowance allowance();

    /** It may; its cost has been taken. */
    record Granted(@Nullable Allowance allowance) implements Decision {}

    /**
     * It may not.
     *
     * @param code {@code RESOURCE_EXHAUSTED} when the caller exceeds its share, {@code PAYLOAD_TOO_LARGE} when one
     *     request exceeds the burst, {@code UNAVAILABLE} when the server is full
     * @param retryAfter when the same request would be admitted if nothing else came, {@code null} for never
     * @param reason one line for the caller
     * @param isKeptBack whether the caller learns it a little later: its tenant floods the server while others ask too,
     *     and comes again less often when it waits for each answer
     */
    record Refused(
            ErrorCode code,
            @Nullable Duration retryAfter,
            String reason,
            @Nullable Allowance allowance,
            boolean isKeptBack)
            implements Decision {
        Refused(ErrorCode code, @Nullable Duration retryAfter, String reason, @Nullable Allowance allowance) {
            this(code, retryAfter, reason, allowance, false);
        }

        public QuiverException toException() {
            return new QuiverException(code, reason, retryAfter);
        }
    }

    /** Throws the refusal, returns when granted. */
    default void orThrow() {
        switch (this) {
            case Granted _ -> {}
            case Refused refused -> throw refused.toException();
        }
    }
}

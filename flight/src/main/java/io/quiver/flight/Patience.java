package io.quiver.flight;

import io.quiver.executor.query.Deadline;
import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.QuiverException;
import java.time.Duration;
import java.util.Objects;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * Waits where others are refused: whoever sends a stream slows down by itself when nothing more of it is read, so it
 * need not be told to come again.
 */
public final class Patience {
    private static final Duration RETRY_AFTER = Duration.ofMillis(100);

    private Patience() {}

    /**
     * The same work, begun again each time that it is refused with {@code code}, when the refusal says that it may be;
     * the refusal itself where that is not before the deadline.
     */
    public static <T> Mono<T> with(ErrorCode code, Deadline deadline, Mono<T> work) {
        return work.retryWhen(Retry.from(refusals -> refusals.concatMap(refusal -> later(refusal, code, deadline))));
    }

    private static Mono<Long> later(Retry.RetrySignal refusal, ErrorCode code, Deadline deadline) {
        if (refusal.failure() instanceof QuiverException refused && refused.code() == code) {
            Duration wait = Objects.requireNonNullElse(refused.retryAfter(), RETRY_AFTER);
            if (wait.compareTo(deadline.left()) < 0) {
                return Mono.delay(wait);
            }
        }
        return Mono.error(refusal.failure());
    }
}

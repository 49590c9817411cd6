package io.quiver.executor;

import io.quiver.executor.segment.OffHeapBudget;
import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.QuiverException;
import java.time.Duration;
import reactor.core.publisher.Mono;

/** Whether a write may go on: slower as compaction lags, and no further when it lags too far or memory runs out. */
final class WriteAdmission {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final DeltaLimits limits;
    private final OffHeapBudget budget;

    WriteAdmission(DeltaLimits limits, OffHeapBudget budget) {
        this.limits = limits;
        this.budget = budget;
    }

    Mono<Void> admit(int waitingDeltas, long bytes) {
        budget.requireFree(bytes);
        if (waitingDeltas >= limits.waitingMax()) {
            return Mono.error(new QuiverException(ErrorCode.BACKOFF, "Backoff and retry", RETRY_AFTER));
        }
        return waitingDeltas > limits.waitingSoft() ? slowed(waitingDeltas) : Mono.empty();
    }

    private Mono<Void> slowed(int waitingDeltas) {
        int above = waitingDeltas - limits.waitingSoft();
        int room = limits.waitingMax() - limits.waitingSoft();
        return Mono.delay(limits.writeDelayMax().multipliedBy(above).dividedBy(room))
                .then();
    }
}

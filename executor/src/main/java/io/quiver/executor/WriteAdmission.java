package io.quiver.executor;

import io.quiver.executor.segment.OffHeapBudget;
import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.QuiverException;
import java.time.Duration;
import reactor.core.publisher.Mono;

/** Whether a write may go on: slower as compaction lags, and no further when it lags too far or memory runs out. */
final class WriteAdmission {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final ExecutorSettings settings;
    private final OffHeapBudget budget;

    WriteAdmission(ExecutorSettings settings, OffHeapBudget budget) {
        this.settings = settings;
        this.budget = budget;
    }

    Mono<Void> admit(int waitingDeltas, long bytes) {
        budget.requireFree(bytes);
        if (waitingDeltas >= settings.sealedDeltasMax()) {
            return Mono.error(new QuiverException(ErrorCode.BACKOFF, "Backoff and retry", RETRY_AFTER));
        }
        return waitingDeltas > settings.sealedDeltasSoft() ? slowed(waitingDeltas) : Mono.empty();
    }

    private Mono<Void> slowed(int waitingDeltas) {
        int above = waitingDeltas - settings.sealedDeltasSoft();
        int room = settings.sealedDeltasMax() - settings.sealedDeltasSoft();
        return Mono.delay(settings.writeDelayMax().multipliedBy(above).dividedBy(room))
                .then();
    }
}

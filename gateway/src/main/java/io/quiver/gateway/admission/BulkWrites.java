package io.quiver.gateway.admission;

import io.quiver.executor.query.Deadline;
import io.quiver.flight.Patience;
import io.quiver.flight.service.WriteTurns;
import io.quiver.log.catalog.Collection;
import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.LogOffset;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Uploads over Flight pay from the same budget as writes over HTTP, and take their turns beside them in a lane of their
 * own. A batch of more bytes than a tenant may write at once pays what it can and owes the rest, for the next one to
 * wait for.
 *
 * <p>Safe on every thread, never waits.
 */
public final class BulkWrites implements WriteTurns {
    private final Admission admission;

    public BulkWrites(Admission admission) {
        this.admission = admission;
    }

    @Override
    public Mono<Boolean> paid(Collection collection, long bytes, Deadline deadline) {
        String tenant = collection.tenant();
        Rate rate = admission.rate(tenant, OperationKind.WRITE);
        double owed = (double) bytes;
        double atOnce = rate.isLimited() ? Math.min(rate.burst(), owed) : owed;
        Mono<Boolean> payment = Mono.fromSupplier(() -> {
            admission.admit(tenant, OperationKind.WRITE, atOnce).orThrow();
            admission.settle(tenant, OperationKind.WRITE, atOnce, owed);
            return true;
        });
        return Patience.with(ErrorCode.RESOURCE_EXHAUSTED, deadline, payment);
    }

    /** A write that had to wait is checked and encoded on a thread of its own, not on that of whoever left. */
    @Override
    public Mono<LogOffset> inTurn(Collection collection, Deadline deadline, Mono<LogOffset> write) {
        Mono<Permit> place = admission.place(Lane.LOAD, collection.tenant(), deadline, Schedulers.parallel()::schedule);
        return Mono.usingWhen(
                Patience.with(ErrorCode.UNAVAILABLE, deadline, place),
                _ -> write,
                held -> Mono.fromRunnable(held::close));
    }
}

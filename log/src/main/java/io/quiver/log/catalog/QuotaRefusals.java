package io.quiver.log.catalog;

import io.quiver.log.record.QuotaException;
import io.quiver.log.record.QuotaException.Subject;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How much has been refused because of quotas, since the start. Whoever answers a caller counts, once for each answer:
 * not who checks, for some checks are made again before there is one. Safe on every thread.
 */
public final class QuotaRefusals {
    private final AtomicLongArray counts = new AtomicLongArray(Subject.values().length);

    /** Counts a failure that a caller is told of, if a quota is its reason. */
    public void count(Throwable failure) {
        if (failure instanceof QuotaException refusal) {
            counts.incrementAndGet(refusal.subject().ordinal());
        }
    }

    public long of(Subject subject) {
        return counts.get(subject.ordinal());
    }
}

package io.quiver.log.catalog;

import io.quiver.log.record.QuotaException;
import io.quiver.log.record.QuotaException.Subject;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/**
 * How much has been refused because of quotas, since the start. Whoever answers a caller counts, once for each answer:
 * not who checks, for some checks are made again before there is one. Safe on every thread.
 */
public final class QuotaRefusals {
    private final Map<Subject, LongAdder> counts = new EnumMap<>(Subject.class);

    public QuotaRefusals() {
        for (Subject subject : Subject.values()) {
            counts.put(subject, new LongAdder());
        }
    }

    /** Counts a failure that a caller is told of, if a quota is its reason. */
    public void count(Throwable failure) {
        if (failure instanceof QuotaException refusal) {
            adder(refusal.subject()).increment();
        }
    }

    public long of(Subject subject) {
        return adder(subject).sum();
    }

    private LongAdder adder(Subject subject) {
        return Objects.requireNonNull(counts.get(subject));
    }
}

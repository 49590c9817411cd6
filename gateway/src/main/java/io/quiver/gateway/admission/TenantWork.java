package io.quiver.gateway.admission;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * How long work has been under way for each tenant since the start: who the busy ones are. Of so many tenants at most,
 * the first that came; a name is some hundred bytes. Safe on every thread, never waits.
 */
final class TenantWork {
    private static final int TENANTS_MAX = 4_096;

    private final Map<String, LongAdder> nanos = new ConcurrentHashMap<>();

    /** A piece of work has ended. */
    void ended(String tenant, long tookNanos) {
        LongAdder known = nanos.get(tenant);
        if (known == null && nanos.size() < TENANTS_MAX) {
            known = nanos.computeIfAbsent(tenant, _ -> new LongAdder());
        }
        if (known != null) {
            known.add(tookNanos);
        }
    }

    /** Those with most work, the busiest first. */
    List<BusyTenant> busiest(int count) {
        return nanos.entrySet().stream()
                .map(entry -> new BusyTenant(entry.getKey(), seconds(entry.getValue())))
                .sorted(Comparator.comparingDouble(BusyTenant::seconds).reversed())
                .limit(count)
                .toList();
    }

    private static double seconds(LongAdder nanos) {
        return nanos.sum() / (double) TimeUnit.SECONDS.toNanos(1);
    }
}

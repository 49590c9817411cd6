package io.quiver.gateway.admission;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * How long work has been under way for each tenant since the start: who the busy ones are. A caller may make up any
 * name, so only so many are kept, and those that come seldom give way to those that come often. Safe on every thread,
 * never waits.
 */
final class TenantWork {
    static final int TENANTS_MAX = 4_096;

    private final Cache<String, LongAdder> nanos = Caffeine.newBuilder()
            .maximumSize(TENANTS_MAX)
            .executor(Runnable::run)
            .build();

    /** A piece of work has ended. */
    void ended(String tenant, long tookNanos) {
        nanos.get(tenant, _ -> new LongAdder()).add(tookNanos);
    }

    /** Those with most work, the busiest first. */
    List<BusyTenant> busiest(int count) {
        return nanos.asMap().entrySet().stream()
                .map(entry -> new BusyTenant(entry.getKey(), seconds(entry.getValue())))
                .sorted(Comparator.comparingDouble(BusyTenant::seconds).reversed())
                .limit(count)
                .toList();
    }

    private static double seconds(LongAdder nanos) {
        return nanos.sum() / (double) TimeUnit.SECONDS.toNanos(1);
    }
}

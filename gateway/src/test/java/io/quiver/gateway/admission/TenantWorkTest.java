package io.quiver.gateway.admission;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class TenantWorkTest {
    private static final long SECOND = 1_000_000_000;

    private final TenantWork work = new TenantWork();

    @Test
    void namesThoseWithMostWork() {
        for (int tenant = 0; tenant < 100; tenant++) {
            work.ended("t" + tenant, tenant * SECOND);
        }
        work.ended("t7", 200 * SECOND);
        assertEquals(List.of(new BusyTenant("t7", 207), new BusyTenant("t99", 99)), work.busiest(2));
        assertEquals(List.of(), work.busiest(0));
        assertEquals(100, work.busiest(1_000).size());
    }

    @Test
    void keepsNoMoreNamesThanItMay() {
        for (int tenant = 0; tenant < 10_000; tenant++) {
            work.ended("t" + tenant, SECOND);
        }
        work.ended("t0", SECOND);
        work.ended("t9999", 3 * SECOND);
        assertEquals(4_096, work.busiest(10_000).size());
        assertEquals(List.of(new BusyTenant("t0", 2)), work.busiest(1));
    }

    @Test
    void losesNothingWhereManyThreadsTell() {
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            for (int i = 0; i < 4_000; i++) {
                String tenant = "t" + i % 3;
                threads.execute(() -> work.ended(tenant, SECOND));
            }
        }
        assertEquals(
                4_000, work.busiest(3).stream().mapToDouble(BusyTenant::seconds).sum());
    }
}

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

    /** Who calls may say any name: those that are made up must not take the place of those that work. */
    @Test
    void keepsThoseThatComeOftenAmongManyThatComeOnce() {
        int strangers = 10 * TenantWork.TENANTS_MAX;
        for (int stranger = 0; stranger < strangers; stranger++) {
            work.ended("made-up-" + stranger, SECOND / 1_000);
            work.ended("acme", SECOND);
        }
        assertEquals(List.of(new BusyTenant("acme", strangers)), work.busiest(1));
        assertEquals(TenantWork.TENANTS_MAX, work.busiest(strangers).size());
    }

    /** One that comes when all places are taken finds one. */
    @Test
    void learnsOfATenantThatComesLate() {
        for (int stranger = 0; stranger < 3 * TenantWork.TENANTS_MAX; stranger++) {
            work.ended("made-up-" + stranger, SECOND / 1_000);
        }
        for (int i = 0; i < 1_000; i++) {
            work.ended("acme", SECOND);
            work.ended("made-up-later-" + i, SECOND / 1_000);
        }
        assertEquals("acme", work.busiest(1).getFirst().tenant());
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

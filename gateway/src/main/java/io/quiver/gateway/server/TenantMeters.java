package io.quiver.gateway.server;

import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.quiver.gateway.admission.Admission;
import io.quiver.gateway.admission.BusyTenant;

/**
 * {@code quiver_tenant_work_seconds_total} of the tenants with most work. Not one of Micrometer's meters, which have
 * all values of their labels for good: who is among the busiest is looked up when somebody asks. Safe on every thread.
 */
record TenantMeters(Admission admission, int tenantsMax) implements Collector {
    @Override
    public CounterSnapshot collect() {
        CounterSnapshot.Builder all = CounterSnapshot.builder()
                .name("quiver_tenant_work_seconds")
                .help("For how long work of a tenant has been under way");
        admission.busiest(tenantsMax).forEach(busy -> all.dataPoint(point(busy)));
        return all.build();
    }

    private static CounterDataPointSnapshot point(BusyTenant busy) {
        return CounterDataPointSnapshot.builder()
                .labels(Labels.of("tenant", busy.tenant()))
                .value(busy.seconds())
                .build();
    }
}

package io.quiver.gateway.server;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/** Which server this is, and whether it takes what it is there for. */
record StateMeters(Readiness readiness) implements MeterBinder {
    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder("quiver.build.info", () -> 1)
                .description("Always 1: the version is in the label")
                .tag("version", BuildVersion.VERSION)
                .strongReference(true)
                .register(registry);
        Gauge.builder("quiver.writes.refused", readiness, state -> state.writesRefused() == null ? 0 : 1)
                .description("1 while no write is taken because the log has failed, else 0")
                .strongReference(true)
                .register(registry);
    }
}

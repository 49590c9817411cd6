package io.quiver.gateway.server;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.quiver.log.catalog.QuotaRefusals;
import io.quiver.log.record.QuotaException.Subject;
import java.util.Locale;

/** What quotas have refused, whichever door it came by. */
record QuotaMeters(QuotaRefusals refusals) implements MeterBinder {
    @Override
    public void bindTo(MeterRegistry registry) {
        for (Subject subject : Subject.values()) {
            FunctionCounter.builder("quiver.quota.refused", refusals, counted -> counted.of(subject))
                    .description("Requests refused because a quota or a limit of the catalog would be exceeded")
                    .tag("quota", subject.name().toLowerCase(Locale.ROOT))
                    .register(registry);
        }
    }
}

package io.quiver.gateway.admission;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** How decisions are counted: {@code quiver_admission_total{decision,reason}}. */
final class AdmissionCounters {
    private AdmissionCounters() {}

    static Counter decision(MeterRegistry meters, String decision, String reason) {
        return Counter.builder("quiver.admission")
                .description("Requests that were let in or refused, by reason")
                .tag("decision", decision)
                .tag("reason", reason)
                .register(meters);
    }
}

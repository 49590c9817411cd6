package io.quiver.gateway.server;

import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.stream.Stream;

/** The one shape of our histograms of durations. */
final class Histograms {
    /** Upper bounds: five to each factor of 1,000 from 100 us on, as answers are. */
    private static final Duration[] BUCKETS = {
        Duration.ofNanos(100_000),
        Duration.ofNanos(250_000),
        Duration.ofMillis(1),
        Duration.ofNanos(2_500_000),
        Duration.ofMillis(10),
        Duration.ofMillis(25),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofSeconds(1),
        Duration.ofMillis(2_500),
        Duration.ofSeconds(10)
    };

    /** Stages may be shorter than the shortest request. */
    private static final Duration[] STAGE_BUCKETS = Stream.concat(
                    Stream.of(Duration.ofNanos(10_000), Duration.ofNanos(25_000)), Stream.of(BUCKETS))
            .toArray(Duration[]::new);

    private Histograms() {}

    static Timer.Builder of(String name, String description) {
        return Timer.builder(name).description(description).serviceLevelObjectives(BUCKETS);
    }

    static Timer.Builder ofStages(String name, String description) {
        return Timer.builder(name).description(description).serviceLevelObjectives(STAGE_BUCKETS);
    }
}

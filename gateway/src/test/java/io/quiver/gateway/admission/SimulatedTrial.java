package io.quiver.gateway.admission;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What became of the requests of one tenant in one stretch of simulated time. */
final class SimulatedTrial {
    private static final double MILLI = 1e6;

    private final Duration time;
    private final List<Long> answered = new ArrayList<>();
    private final List<Long> refused = new ArrayList<>();

    SimulatedTrial(Duration time) {
        this.time = time;
    }

    void answered(long nanos) {
        answered.add(nanos);
    }

    void refused(long nanos) {
        refused.add(nanos);
    }

    /** Answers a second. */
    double goodput() {
        return answered.size() / (time.toNanos() / 1e9);
    }

    int refusals() {
        return refused.size();
    }

    int answers() {
        return answered.size();
    }

    double answeredMs(double percent) {
        return percentile(answered, percent);
    }

    double refusedMs(double percent) {
        return percentile(refused, percent);
    }

    private static double percentile(List<Long> nanos, double percent) {
        if (nanos.isEmpty()) {
            return 0;
        }
        List<Long> sorted = new ArrayList<>(nanos);
        Collections.sort(sorted);
        int at = (int) Math.ceil(sorted.size() * percent / 100) - 1;
        return sorted.get(Math.max(0, at)) / MILLI;
    }

    @Override
    public String toString() {
        return "%.0f/s answered, p50 %.2f ms, p99 %.2f ms; %d refused, p99 %.2f ms"
                .formatted(goodput(), answeredMs(50), answeredMs(99), refusals(), refusedMs(99));
    }
}

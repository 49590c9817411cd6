package io.quiver.loadtest.overload;

import org.HdrHistogram.Histogram;

/** Counts what became of offered work. Safe on every thread. */
final class Tally {
    private static final long LATENCY_MAX_MICROS = 600_000_000L;

    private final Histogram answered = new Histogram(LATENCY_MAX_MICROS, 3);
    private final Histogram refused = new Histogram(LATENCY_MAX_MICROS, 3);
    private long failed;

    synchronized void answered(long micros) {
        answered.recordValue(Math.clamp(micros, 0, LATENCY_MAX_MICROS));
    }

    synchronized void refused(long micros) {
        refused.recordValue(Math.clamp(micros, 0, LATENCY_MAX_MICROS));
    }

    synchronized void failed() {
        failed++;
    }

    /** @param perSecond that were due, 0 for as many as were answered or refused */
    synchronized Trial trial(String name, double perSecond, double seconds, double residentMiB) {
        double offered = perSecond == 0 ? (answered.getTotalCount() + refused.getTotalCount()) / seconds : perSecond;
        return new Trial(name, offered, seconds, answered, refused, failed, residentMiB);
    }
}

package io.quiver.executor;

import io.quiver.executor.query.Explanation.Way;
import io.quiver.executor.query.StageListener;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/** What the searches did since the executor was opened. Safe on every thread. */
final class SearchCounters {
    /** One search in so many tells which recall it expects. */
    private static final int RECALL_SAMPLE = 64;
    /** What the newest sample weighs in the mean. */
    private static final double RECALL_WEIGHT = 1.0 / 16;

    final LongAdder queries = new LongAdder();
    final LongAdder partial = new LongAdder();
    final LongAdder cancelled = new LongAdder();
    final LongAdder distances = new LongAdder();
    final LongAdder estimates = new LongAdder();
    final StageListener stages;
    final RecallSampling sampling;
    private final Map<Way, LongAdder> plans = new EnumMap<>(Way.class);
    private double expectedRecall = 1;

    /** Samples lost to another thread do not matter. */
    private int untilSample = RECALL_SAMPLE;

    /** @param sampling is shown every search */
    SearchCounters(StageListener stages, RecallSampling sampling) {
        this.stages = stages;
        this.sampling = sampling;
        for (Way way : Way.values()) {
            plans.put(way, new LongAdder());
        }
    }

    /** A segment has been searched for a query in this way. */
    void planned(Way way) {
        Objects.requireNonNull(plans.get(way)).increment();
    }

    /** How often each way was taken. */
    Map<Way, Long> plans() {
        Map<Way, Long> counts = new EnumMap<>(Way.class);
        plans.forEach((way, count) -> counts.put(way, count.sum()));
        return counts;
    }

    /** Whether this search is among those whose recall is asked for. */
    boolean wantsRecall() {
        if (--untilSample > 0) {
            return false;
        }
        untilSample = RECALL_SAMPLE;
        return true;
    }

    /** A sampled search expects this recall. */
    synchronized void expect(double expected) {
        expectedRecall += (expected - expectedRecall) * RECALL_WEIGHT;
    }

    /** Moving mean of what sampled searches expected, 1 before there was one. */
    synchronized double expectedRecall() {
        return expectedRecall;
    }
}

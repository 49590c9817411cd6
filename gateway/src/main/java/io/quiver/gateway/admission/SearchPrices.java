package io.quiver.gateway.admission;

import java.util.concurrent.TimeUnit;

/**
 * What a step of a search takes, as measured: the nanoseconds of the searches so far by the steps that they were, each
 * search counting a little less with every one after it. One price for walks through graphs, one for scans.
 *
 * <p>Both sums forget alike, so their quotient is a mean over steps and not over searches: a thousand small ones, which
 * are mostly the way to the executor and back, do not make the one large one dear. Safe on every thread; a lock is held
 * for a few instructions.
 */
final class SearchPrices {
    /** Until something has been measured. */
    private static final double NANOS_A_STEP = 0.5;

    private static final double NANOS_A_STEP_MAX = 100;
    private static final double KEPT = 0.98;

    /** As if so many steps had been measured already. */
    private static final double STEPS_AT_FIRST = 50 * SearchSize.STEPS_MIN;

    private static final double NANOS_A_UNIT = TimeUnit.MICROSECONDS.toNanos(1);

    private final Price graph = new Price();
    private final Price scan = new Price();

    private static final class Price {
        private double steps = STEPS_AT_FIRST;
        private double nanos = STEPS_AT_FIRST * NANOS_A_STEP;

        double nanosAStep() {
            return Math.min(NANOS_A_STEP_MAX, nanos / steps);
        }

        void measured(double moreSteps, double moreNanos) {
            steps = steps * KEPT + moreSteps;
            nanos = nanos * KEPT + moreNanos;
        }
    }

    /** What searches of that size will cost, in units. */
    synchronized double expected(SearchSize size) {
        return nanos(size) / NANOS_A_UNIT;
    }

    private double nanos(SearchSize size) {
        return size.graphSteps() * graph.nanosAStep() + size.scanSteps() * scan.nanosAStep();
    }

    /**
     * Searches of that size have cost so many units; the surprise is divided between both ways as the expectation was.
     */
    synchronized void measured(SearchSize size, double units) {
        double surprise = units * NANOS_A_UNIT / nanos(size);
        double graphNanos = size.graphSteps() * graph.nanosAStep() * surprise;
        double scanNanos = size.scanSteps() * scan.nanosAStep() * surprise;
        graph.measured(size.graphSteps(), graphNanos);
        scan.measured(size.scanSteps(), scanNanos);
    }
}

package io.quiver.loadtest.filter;

import java.util.Arrays;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * What two servers did in turns on one machine, within filters of one selectivity.
 *
 * @param recall of the first
 * @param way of the other, with its recall
 * @param rounds one after the other; medians are what is printed
 */
record BesideOutcome(double selectivity, double recall, String way, double otherRecall, Round... rounds) {
    static final String TITLE = "%11s %10s %8s %7s   %-16s %10s %8s %7s   %8s %8s"
            .formatted(
                    "selectivity",
                    "queries/s",
                    "CPU us",
                    "recall",
                    "pgvector by",
                    "queries/s",
                    "CPU us",
                    "recall",
                    "x faster",
                    "x CPU");

    /**
     * @param cpuUs processor time of the server, a query
     */
    record Side(double perSecond, double cpuUs) {}

    record Round(Side ours, Side theirs) {}

    private double median(ToDoubleFunction<Round> value) {
        double[] sorted = Arrays.stream(rounds).mapToDouble(value).sorted().toArray();
        return sorted[sorted.length / 2];
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%11.4f %,10.0f %,8.0f %7.4f   %-16s %,10.0f %,8.0f %7.4f   %8.2f %8.2f",
                selectivity,
                median(round -> round.ours.perSecond),
                median(round -> round.ours.cpuUs),
                recall,
                way,
                median(round -> round.theirs.perSecond),
                median(round -> round.theirs.cpuUs),
                otherRecall,
                median(round -> round.ours.perSecond / round.theirs.perSecond),
                median(round -> round.theirs.cpuUs / round.ours.cpuUs));
    }
}

package io.quiver.loadtest.filter;

import java.util.List;

/**
 * What is asked, and for how long.
 *
 * @param kinds beginnings of the names of the filters to be asked
 * @param seconds of each measurement
 * @param connections that ask at once where queries a second are counted
 * @param recallQueries of which each recall is taken
 * @param targetRecall that queries ask for; 0 for the collection's beam width
 */
public record FilterSettings(
        List<String> kinds, double seconds, int connections, int recallQueries, double targetRecall) {
    private static final double WARM_SECONDS = 1;

    /** The same, briefly: what is measured comes after it. */
    FilterSettings toWarm() {
        return new FilterSettings(kinds, WARM_SECONDS, connections, 1, targetRecall);
    }

    boolean includes(FilterCase filter) {
        return kinds.stream().anyMatch(filter.name()::startsWith);
    }

    /** The field of a query's body that asks for the recall, with a comma before it. */
    String effort() {
        return targetRecall == 0 ? "" : ",\"target_recall\":" + targetRecall;
    }
}

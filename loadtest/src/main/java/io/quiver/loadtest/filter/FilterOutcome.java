package io.quiver.loadtest.filter;

import java.util.Locale;

/**
 * What one kind of filter cost at one selectivity; times are a question's, in milliseconds.
 *
 * @param getCpuMs of the server, for the first ids that match
 * @param queryCpuMs of the server, for the nearest of the records that match
 * @param queriesPerSecond of many connections, client and server on one machine
 * @param recall of these, against an exact search
 */
record FilterOutcome(
        String name,
        double selectivity,
        double getMs,
        double getCpuMs,
        double queryMs,
        double queryCpuMs,
        double queriesPerSecond,
        double recall) {
    static final String TITLE = "%-22s %11s %10s %11s %10s %13s %10s %7s"
            .formatted(
                    "filter", "selectivity", "get ms", "get CPU ms", "query ms", "query CPU ms", "queries/s", "recall");

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%-22s %11.4f %10.2f %11.2f %10.2f %13.2f %,10.0f %7.4f",
                name,
                selectivity,
                getMs,
                getCpuMs,
                queryMs,
                queryCpuMs,
                queriesPerSecond,
                recall);
    }
}

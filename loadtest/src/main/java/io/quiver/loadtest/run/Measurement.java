package io.quiver.loadtest.run;

import java.util.LinkedHashMap;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * What one run showed.
 *
 * @param operations queries or records
 * @param seconds from the first request to the last answer
 * @param latencies of requests, in microseconds
 * @param recall share of the true neighbours found, NaN where nothing was searched
 * @param serverCpuSeconds of the server in the run, NaN where it runs elsewhere
 * @param errors requests that were refused or failed
 */
public record Measurement(
        String name,
        long operations,
        double seconds,
        Histogram latencies,
        double recall,
        double serverCpuSeconds,
        long errors) {
    public Measurement withName(String newName) {
        return new Measurement(newName, operations, seconds, latencies, recall, serverCpuSeconds, errors);
    }

    public Measurement withRecall(double newRecall) {
        return new Measurement(name, operations, seconds, latencies, newRecall, serverCpuSeconds, errors);
    }

    /** This run and one that came after it, as one. */
    public Measurement and(Measurement next) {
        Histogram both = latencies.copy();
        both.add(next.latencies);
        return new Measurement(
                name,
                operations + next.operations,
                seconds + next.seconds,
                both,
                recall,
                serverCpuSeconds + next.serverCpuSeconds,
                errors + next.errors);
    }

    public double perSecond() {
        return operations / seconds;
    }

    /** Microseconds of the server's processor time for each operation. */
    public double serverCpuMicros() {
        return serverCpuSeconds * 1e6 / Math.max(1, operations);
    }

    public double latencyMs(double percentile) {
        return latencies.getValueAtPercentile(percentile) / 1e3;
    }

    /** As it stands in the JSON report. */
    public Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", name);
        json.put("operations", operations);
        json.put("seconds", seconds);
        json.put("per_second", perSecond());
        json.put("recall", Double.isNaN(recall) ? null : recall);
        json.put("server_cpu_micros_each", Double.isNaN(serverCpuSeconds) ? null : serverCpuMicros());
        json.put("errors", errors);
        for (double percentile : new double[] {50, 90, 99, 99.9}) {
            json.put(
                    "p" + (percentile == 99.9 ? "99.9" : String.valueOf((int) percentile)) + "_ms",
                    latencyMs(percentile));
        }
        return json;
    }
}

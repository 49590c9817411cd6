package io.quiver.loadtest.overload;

import java.util.Locale;
import org.HdrHistogram.Histogram;

/**
 * What a time of offered load showed. Latencies are in microseconds, from the moment at which a request was due.
 *
 * @param offered requests a second that were due
 * @param answered latencies of those that got an answer
 * @param refused latencies of those that were refused, with when to come again
 * @param failed requests that ended in any other way
 * @param residentMiB memory of the server at the end
 */
public record Trial(
        String name,
        double offered,
        double seconds,
        Histogram answered,
        Histogram refused,
        long failed,
        double residentMiB) {
    public double goodput() {
        return answered.getTotalCount() / seconds;
    }

    double answeredMs(double percentile) {
        return answered.getValueAtPercentile(percentile) / 1e3;
    }

    double refusedMs(double percentile) {
        return refused.getTotalCount() == 0 ? 0 : refused.getValueAtPercentile(percentile) / 1e3;
    }

    public static String header() {
        return "%-12s %9s %9s %9s %9s %9s %11s %7s %8s"
                .formatted(
                        "load",
                        "offered/s",
                        "goodput/s",
                        "p50 ms",
                        "p99 ms",
                        "refused/s",
                        "ref. p99 ms",
                        "failed",
                        "MiB");
    }

    public String line() {
        return String.format(
                Locale.ROOT,
                "%-12s %9.0f %9.0f %9.2f %9.2f %9.0f %11.2f %7d %8.0f",
                name,
                offered,
                goodput(),
                answeredMs(50),
                answeredMs(99),
                refused.getTotalCount() / seconds,
                refusedMs(99),
                failed,
                residentMiB);
    }
}

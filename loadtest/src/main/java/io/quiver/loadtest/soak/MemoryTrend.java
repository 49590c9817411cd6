package io.quiver.loadtest.soak;

import java.util.ArrayList;
import java.util.List;

/** How a process's memory changes with time: a straight line through what was seen, by least squares. One thread's. */
final class MemoryTrend {
    private static final double MINUTES_AN_HOUR = 60;

    private record Sample(double minutes, double mib) {}

    private final double fromMinute;
    private final List<Sample> samples = new ArrayList<>();

    /** @param fromMinute what is seen before does not count */
    MemoryTrend(double fromMinute) {
        this.fromMinute = fromMinute;
    }

    void add(double minutes, double mib) {
        if (minutes >= fromMinute) {
            samples.add(new Sample(minutes, mib));
        }
    }

    double meanMiB() {
        return samples.stream().mapToDouble(Sample::mib).average().orElse(Double.NaN);
    }

    /** Growth an hour as a part of the mean, 0.01 for one per cent; NaN for fewer than two samples. */
    double growthAnHour() {
        double meanMinutes =
                samples.stream().mapToDouble(Sample::minutes).average().orElse(Double.NaN);
        double meanMiB = meanMiB();
        double together = 0;
        double spread = 0;
        for (Sample sample : samples) {
            together += (sample.minutes - meanMinutes) * (sample.mib - meanMiB);
            spread += (sample.minutes - meanMinutes) * (sample.minutes - meanMinutes);
        }
        return together / spread * MINUTES_AN_HOUR / meanMiB;
    }
}

package io.quiver.loadtest.bulk;

/**
 * How fast something was done.
 *
 * @param perSecond operations, by the clock
 * @param cpuMicros processor time of each, of whoever did them
 */
public record Rate(double perSecond, double cpuMicros) {
    /** Of work that began when the clock was {@code beginNanos}. */
    public static Rate since(long beginNanos, double cpuSeconds, long operations) {
        return new Rate(operations / ((System.nanoTime() - beginNanos) / 1e9), cpuSeconds * 1e6 / operations);
    }
}

package io.quiver.gateway.admission;

import java.time.Duration;

/**
 * How many places what is behind a gate needs to be kept busy.
 *
 * @param placesAtFirst until it is known how much ends
 * @param placesMin however little ends
 * @param placesMax however much ends
 * @param target work is to end within this time once it has a place
 */
record Capacity(int placesAtFirst, int placesMin, int placesMax, Duration target) {
    private static final int CORES = Runtime.getRuntime().availableProcessors();
    private static final double NANOS = 1e9;

    Capacity {
        placesAtFirst = Math.min(placesAtFirst, placesMax);
        placesMin = Math.min(placesMin, placesMax);
    }

    /** Searches keep a core busy: one that is worked on and a few behind it are enough for each. */
    static Capacity ofCores(int placesMax) {
        return new Capacity(16 * CORES, 2 * CORES, placesMax, Duration.ofMillis(2));
    }

    /**
     * The disk forces many writes at once, and takes its time for it: with few places it would do little, however long
     * it took.
     */
    static Capacity ofDisk(int placesMax) {
        return new Capacity(256, 4 * CORES, placesMax, Duration.ofMillis(50));
    }

    /** By Little's law. */
    int places(double endedPerSecond) {
        double wanted = Math.ceil(endedPerSecond * target.toNanos() / NANOS);
        return Math.clamp((long) wanted, placesMin, placesMax);
    }
}

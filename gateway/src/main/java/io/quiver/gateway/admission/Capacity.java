package io.quiver.gateway.admission;

import java.time.Duration;

/**
 * How many places what is behind a gate needs to be kept busy.
 *
 * @param placesAtFirst until it is known how much ends
 * @param placesLeast however long the work takes
 * @param placesMin where hardly any time passes between one piece of work and the next, as it does where each is short
 * @param placesMax however much ends
 * @param placesOfFlood of a tenant that floods beside others, so that the work of another can begin at once
 * @param target work is to end within this time once it has a place
 */
record Capacity(int placesAtFirst, int placesLeast, int placesMin, int placesMax, int placesOfFlood, Duration target) {
    private static final int CORES = Runtime.getRuntime().availableProcessors();
    private static final double NANOS = 1e9;

    /** Of what takes as long as this, one piece behind those that are worked on keeps the cores busy. */
    private static final Duration LONG = Duration.ofMillis(40);

    Capacity {
        placesAtFirst = Math.min(placesAtFirst, placesMax);
        placesMin = Math.min(placesMin, placesMax);
        placesLeast = Math.min(placesLeast, placesMin);
    }

    /**
     * Searches keep a core busy: one that is worked on and a few behind it are enough for each, and of long ones fewer,
     * for each waits for all that are under way. A flood has one core less.
     */
    static Capacity ofCores(int placesMax) {
        return new Capacity(16 * CORES, CORES + 1, 2 * CORES, placesMax, Math.max(1, CORES - 1), Duration.ofMillis(2));
    }

    /**
     * The disk forces many writes at once, and takes its time for it: with few places it would do little, however long
     * it took.
     */
    static Capacity ofDisk(int placesMax) {
        return new Capacity(256, 4 * CORES, 4 * CORES, placesMax, placesMax, Duration.ofMillis(50));
    }

    /** By Little's law. */
    int places(double endedPerSecond) {
        int least = Math.clamp(ending(endedPerSecond, LONG), placesLeast, placesMin);
        return Math.clamp(ending(endedPerSecond, target), least, placesMax);
    }

    private static long ending(double perSecond, Duration time) {
        return (long) Math.ceil(perSecond * time.toNanos() / NANOS);
    }
}

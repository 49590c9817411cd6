package io.quiver.executor;

import java.util.OptionalDouble;

/** The recalls of the newest samples, of which there are no more than its size. Safe on every thread. */
final class RecallWindow {
    private final double[] newest;
    private long count;

    RecallWindow(int size) {
        this.newest = new double[size];
    }

    synchronized void add(double recall) {
        newest[(int) (count++ % newest.length)] = recall;
    }

    /** Samples since the beginning. */
    synchronized long count() {
        return count;
    }

    /** Of the newest samples; empty before the first. */
    synchronized OptionalDouble mean() {
        int size = (int) Math.min(count, newest.length);
        double sum = 0;
        for (int i = 0; i < size; i++) {
            sum += newest[i];
        }
        return size == 0 ? OptionalDouble.empty() : OptionalDouble.of(sum / size);
    }
}

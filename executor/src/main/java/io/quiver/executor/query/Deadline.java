package io.quiver.executor.query;

import java.time.Duration;

/** When an answer stops being of use, on this process's {@link System#nanoTime} clock; travels as the time left. */
public record Deadline(long nanoTime) {
    public static Deadline after(Duration duration) {
        return new Deadline(System.nanoTime() + duration.toNanos());
    }

    public Duration left() {
        return Duration.ofNanos(nanoTime - System.nanoTime());
    }

    public boolean hasPassed() {
        return nanoTime - System.nanoTime() <= 0;
    }
}

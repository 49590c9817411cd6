package io.quiver.executor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Waits, with patience, for what other threads make true and tell nobody. */
public final class Eventually {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration LOOK_EVERY = Duration.ofNanos(50_000);

    private Eventually() {}

    /** What can be looked at any time. */
    public interface Fact {
        boolean holds() throws IOException;
    }

    /**
     * Returns once the fact holds, and fails where it does not in a minute.
     *
     * @param instead what is there then, for the message
     */
    public static void await(Fact fact, Supplier<String> instead) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        try {
            while (!fact.holds()) {
                if (System.nanoTime() - end > 0) {
                    throw new AssertionError("in vain for %s: %s".formatted(PATIENCE, instead.get()));
                }
                LockSupport.parkNanos(LOOK_EVERY.toNanos());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

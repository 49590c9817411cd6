package io.quiver.gateway.server;

import java.io.PrintStream;
import java.time.Duration;

/**
 * One line on a terminal that says how far work is, no oftener than people can read; nothing where there is no
 * terminal. Belongs to one thread.
 */
final class ProgressLine {
    private static final int PERCENT = 100;
    private static final long SHOWN_NANOS = Duration.ofMillis(200).toNanos();

    private final PrintStream out;
    private final boolean isTerminal = Boolean.getBoolean("quiver.terminal");
    private long shownAtNanos = System.nanoTime();
    private boolean isShown;

    ProgressLine(PrintStream out) {
        this.out = out;
    }

    void moved(String what, long done, long total) {
        long now = System.nanoTime();
        if (isTerminal && now - shownAtNanos > SHOWN_NANOS) {
            shownAtNanos = now;
            isShown = true;
            out.printf("\r%3d %% %-60.60s", done * PERCENT / Math.max(1, total), what);
        }
    }

    /** Leaves the line empty for what comes. */
    void clear() {
        if (isShown) {
            out.printf("\r%-70s\r", "");
            isShown = false;
        }
    }
}

package io.quiver.loadtest.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.Closeable;
import java.io.IOException;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class LoadTimingTest {
    private static final long STALL_NANOS = 200_000_000;

    @Test
    void anOpenLoopChargesAStallToEveryRequestThatHadToWait() throws IOException {
        Measurement open = run(1_000);
        Measurement closed = run(0);
        assertEquals(100, open.operations());
        assertTrue(open.latencyMs(50) > 50, () -> "p50 " + open.latencyMs(50));
        assertTrue(closed.latencyMs(50) < 50, () -> "p50 " + closed.latencyMs(50));
    }

    /** A hundred requests, the first of which stalls. */
    private static Measurement run(double ratePerSecond) throws IOException {
        Load<Closeable> load = new Load<>("stall", 100, 1, ratePerSecond, () -> () -> {}, (_, request) -> {
            if (request == 0) {
                long until = System.nanoTime() + STALL_NANOS;
                while (System.nanoTime() < until) {
                    LockSupport.parkNanos(STALL_NANOS / 10);
                }
            }
            return 1;
        });
        return load.run(ServerUsage.UNKNOWN, _ -> {});
    }
}

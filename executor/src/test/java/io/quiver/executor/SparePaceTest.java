package io.quiver.executor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** On a clock of its own. */
class SparePaceTest {
    private static final long MS = 1_000_000;

    @Test
    void restsNinetyNineTimesAsLongAsItWorked() {
        SparePace pace = new SparePace(0);
        assertTrue(pace.mayBegin(0));
        pace.worked(10 * MS, 13 * MS);
        assertFalse(pace.mayBegin(13 * MS));
        assertFalse(pace.mayBegin(310 * MS - 1));
        assertTrue(pace.mayBegin(310 * MS));
    }

    @Test
    void worksAHundredthOfTheTimeHoweverLongItTakes() {
        long start = Long.MAX_VALUE - 500 * MS;
        long end = start + 100_000 * MS;
        SparePace pace = new SparePace(start);
        long workedNs = 0;
        for (long now = start; now - end < 0; now += MS) {
            if (pace.mayBegin(now)) {
                long took = (1 + workedNs / MS % 7) * MS;
                pace.worked(now, now + took);
                workedNs += took;
            }
        }
        assertEquals(0.01, (double) workedNs / (end - start), 0.0002, "the clock begins anew meanwhile");
    }
}

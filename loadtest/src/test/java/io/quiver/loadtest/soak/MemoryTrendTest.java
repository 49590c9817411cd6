package io.quiver.loadtest.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class MemoryTrendTest {
    private final MemoryTrend memory = new MemoryTrend(10);

    @Test
    void aSteadyGrowthIsWhatItIsAnHour() {
        for (int minute = 10; minute <= 60; minute++) {
            memory.add(minute, 1_000 + minute);
        }
        assertEquals(60 / memory.meanMiB(), memory.growthAnHour(), 1e-9);
        assertEquals(1_035, memory.meanMiB(), 1e-9);
    }

    @Test
    void whatGrowsInTheBeginningDoesNotCount() {
        for (int minute = 0; minute < 40; minute++) {
            memory.add(minute, Math.min(minute, 10) * 100);
        }
        assertEquals(0, memory.growthAnHour(), 1e-9);
    }

    @Test
    void ofOneSampleNothingIsKnown() {
        memory.add(10, 100);
        assertTrue(Double.isNaN(memory.growthAnHour()));
    }
}

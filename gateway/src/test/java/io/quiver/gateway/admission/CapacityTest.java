package io.quiver.gateway.admission;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class CapacityTest {
    private static final int CORES = Runtime.getRuntime().availableProcessors();

    private final Capacity searches = Capacity.ofCores(1_000);

    private static double perSecond(double millisOfACore) {
        return CORES * 1_000 / millisOfACore;
    }

    @Test
    void shortWorkHasAsManyPlacesAsEndInTime() {
        assertEquals(20 * CORES, searches.places(perSecond(0.1)));
        assertEquals(2 * CORES, searches.places(perSecond(5)), "at least");
    }

    @Test
    void longWorkHasOnePlaceMoreThanThereAreCores() {
        assertEquals(CORES + 1, searches.places(perSecond(50)));
        assertEquals(CORES + 1, searches.places(0));
    }

    @Test
    void neverMoreThanItMay() {
        assertEquals(3, Capacity.ofCores(3).places(perSecond(0.1)));
        assertEquals(1, Capacity.ofCores(1).places(0));
    }
}

package io.quiver.compactor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class GraphSettingsTest {
    @Test
    void longerRowsNeedAGraphSooner() {
        GraphSettings settings = new GraphSettings(20_000, 1, 0.97);
        assertEquals(20_000, settings.rowsMin(2));
        assertEquals(20_000, settings.rowsMin(128));
        assertEquals(10_000, settings.rowsMin(256));
        assertEquals(3_265, settings.rowsMin(784));
        assertEquals(GraphSettings.ROWS_MIN, new GraphSettings(64, 1, 0.97).rowsMin(16_384));
        assertEquals(Integer.MAX_VALUE, new GraphSettings(Integer.MAX_VALUE, 1, 0.97).rowsMin(1));
    }
}

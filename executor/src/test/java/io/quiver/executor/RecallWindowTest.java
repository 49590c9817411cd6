package io.quiver.executor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class RecallWindowTest {
    private final RecallWindow recalls = new RecallWindow(3);

    @Test
    void saysNothingBeforeTheFirst() {
        assertEquals(OptionalDouble.empty(), recalls.mean());
        assertEquals(0, recalls.count());
    }

    @Test
    void isTheMeanOfWhatThereIs() {
        recalls.add(1);
        assertEquals(1, recalls.mean().orElseThrow());
        recalls.add(0.5);
        assertEquals(0.75, recalls.mean().orElseThrow());
    }

    @Test
    void forgetsTheOldestAndCountsThemAll() {
        for (double recall : new double[] {0, 0, 0.25, 0.5, 0.75}) {
            recalls.add(recall);
        }
        assertEquals(0.5, recalls.mean().orElseThrow());
        assertEquals(5, recalls.count());
    }
}

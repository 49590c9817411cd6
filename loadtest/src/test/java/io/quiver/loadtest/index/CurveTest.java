package io.quiver.loadtest.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.loadtest.index.engine.Family;
import java.util.List;
import org.junit.jupiter.api.Test;

class CurveTest {
    private final Curve curve = curve(new Point(10, 0.92, List.of(1_000.0)), new Point(20, 0.96, List.of(600.0)));

    @Test
    void interpolatesBetweenThePointsAroundARecall() {
        assertEquals(800, curve.queriesPerSecondAt(0.94), 1e-6);
        assertEquals(600, curve.queriesPerSecondAt(0.96), 1e-6);
    }

    @Test
    void takesTheFirstPointWhereThatFindsMoreAlready() {
        assertEquals(1_000, curve.queriesPerSecondAt(0.9));
    }

    @Test
    void knowsNothingBeyondTheLastPoint() {
        assertTrue(Double.isNaN(curve.queriesPerSecondAt(0.97)));
    }

    @Test
    void leavesOutPointsThatAnotherOneBeats() {
        Curve dented = curve(
                new Point(10, 0.92, List.of(1_000.0)),
                new Point(12, 0.93, List.of(100.0)),
                new Point(20, 0.96, List.of(600.0)));
        assertEquals(800, dented.queriesPerSecondAt(0.94), 1e-6);
    }

    @Test
    void countsTheMedianOfTheRounds() {
        assertEquals(3, new Point(10, 1, List.of(100.0, 3.0, 1.0)).queriesPerSecond());
        assertEquals(2, new Point(10, 1, List.of(3.0, 1.0)).queriesPerSecond());
    }

    @Test
    void findsTheNarrowestPointOfARecall() {
        assertEquals(10, curve.narrowest(0.9).ef());
        assertEquals(20, curve.narrowest(0.95).ef());
        assertEquals(20, curve.narrowest(0.99).ef());
    }

    private static Curve curve(Point... points) {
        return new Curve("curve", Family.QUIVER, 1, List.of(points));
    }
}

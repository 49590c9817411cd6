package io.quiver.executor.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class RecallCurveTest {
    private static final RecallCurve CURVE =
            new RecallCurve(10, new int[] {10, 20, 40, 80, 160}, new float[] {0.8f, 0.9f, 0.95f, 0.98f, 0.995f});

    @Test
    void measuredPointsAreReadAsTheyAre() {
        for (int i = 0; i < CURVE.efs().length; i++) {
            assertEquals(CURVE.recalls()[i], CURVE.recallAt(CURVE.efs()[i], 10), 1e-5);
        }
    }

    @Test
    void aWiderBeamNeverPromisesLess() {
        float before = 0;
        for (int ef = 10; ef < 1000; ef++) {
            float recall = CURVE.recallAt(ef, 10);
            assertTrue(recall >= before && recall <= 1, "ef " + ef);
            before = recall;
        }
    }

    @Test
    void aHigherTargetNeverNeedsANarrowerBeam() {
        int before = 0;
        for (double target = 0.01; target <= 1; target += 0.001) {
            int ef = CURVE.efFor(target, 10);
            assertTrue(ef >= before && ef <= RecallCurve.EF_MAX, "target " + target);
            before = ef;
        }
    }

    @Test
    void aTargetIsReachedWithSomethingToSpare() {
        for (double target : new double[] {0.7, 0.85, 0.9, 0.95, 0.99, 0.997}) {
            for (int k : new int[] {1, 10, 25, 100}) {
                float recall = CURVE.recallAt(CURVE.efFor(target, k), k);
                assertTrue(recall >= target, "target %s, k %d: %s".formatted(target, k, recall));
            }
        }
        assertTrue(CURVE.recallAt(CURVE.efFor(0.95, 10), 10) > 0.955);
    }

    @Test
    void moreHitsNeedAWiderBeam() {
        assertTrue(CURVE.efFor(0.95, 100) >= CURVE.efFor(0.95, 10) + 90);
        assertTrue(CURVE.efFor(0.95, 1) == CURVE.efFor(0.95, 10));
        assertTrue(CURVE.recallAt(100, 100) < CURVE.recallAt(100, 10));
    }

    @Test
    void pastTheLastPointTheCurveGoesOn() {
        int ef = CURVE.efFor(0.999, 10);
        assertTrue(ef > 160 && ef < 2000, "ef " + ef);
    }

    @Test
    void whatACurveNeverReachesTakesTheWidestBeam() {
        RecallCurve flat = new RecallCurve(10, new int[] {10, 20, 40}, new float[] {0.8f, 0.9f, 0.9f});
        assertEquals(RecallCurve.EF_MAX, flat.efFor(0.99, 10));
        RecallCurve point = new RecallCurve(10, new int[] {10}, new float[] {0.8f});
        assertEquals(RecallCurve.EF_MAX, point.efFor(0.99, 10));
        assertEquals(10, point.efFor(0.5, 10));
    }

    @Test
    void noiseOfTheSampleIsTakenDown() {
        RecallCurve noisy = new RecallCurve(10, new int[] {10, 20, 40}, new float[] {0.8f, 0.93f, 0.92f});
        assertEquals(0.92f, noisy.recalls()[1]);
        assertEquals(new RecallCurve(10, new int[] {10, 20, 40}, new float[] {0.8f, 0.92f, 0.92f}), noisy);
    }

    @Test
    void aFilterMakesASearchAsHardAsOneForAllTheHitsThatItTakesAway() {
        assertEquals(CURVE.recallAt(160, 10), CURVE.recallAt(160, 10, 1));
        assertEquals(CURVE.recallAt(160, 40), CURVE.recallAt(160, 10, 0.25));
        assertTrue(CURVE.recallAt(160, 10, 0.25) < CURVE.recallAt(160, 10));
        int wide = (int) RecallCurve.widened(40, 10, 40);
        assertEquals(CURVE.recallAt(40, 10), CURVE.recallAt(wide, 10, 0.25), 1e-6);
    }

    @Test
    void anExactIndexFindsEverything() {
        assertEquals(1, RecallCurve.EXACT.recallAt(1, 1));
        assertEquals(1, RecallCurve.EXACT.recallAt(100, 100));
        assertEquals(1, RecallCurve.EXACT.recallAt(100, 10_000));
        assertEquals(10, RecallCurve.EXACT.efFor(1, 10));
    }

    @Test
    void refusesWhatIsNoCurve() {
        assertRefused(10, new int[] {}, new float[] {});
        assertRefused(10, new int[] {10, 20}, new float[] {1});
        assertRefused(10, new int[] {9}, new float[] {1});
        assertRefused(10, new int[] {20, 20}, new float[] {0.5f, 0.6f});
        assertRefused(10, new int[] {20}, new float[] {1.1f});
        assertRefused(10, new int[] {20}, new float[] {Float.NaN});
        assertRefused(0, new int[] {20}, new float[] {1});
    }

    private static void assertRefused(int k, int[] efs, float[] recalls) {
        assertThrows(IllegalArgumentException.class, () -> new RecallCurve(k, efs, recalls));
    }
}

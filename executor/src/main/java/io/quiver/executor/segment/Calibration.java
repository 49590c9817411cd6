package io.quiver.executor.segment;

import io.quiver.executor.index.RecallCurve;

/**
 * What a graph's recall was found to be before it was published.
 *
 * @param sampleSize questions asked
 * @param floor recall that was asked of the graph
 * @param seed chose the questions
 */
public record Calibration(RecallCurve curve, int sampleSize, double floor, long seed) {
    /** The best recall that was measured. */
    float recallMax() {
        float[] recalls = curve.recalls();
        return recalls[recalls.length - 1];
    }

    /** Whether some beam reached the floor. */
    boolean isHeld() {
        return recallMax() >= floor;
    }

    public Calibration {
        if (sampleSize < 1) {
            throw new IllegalArgumentException("a calibration needs questions, not " + sampleSize);
        }
    }
}

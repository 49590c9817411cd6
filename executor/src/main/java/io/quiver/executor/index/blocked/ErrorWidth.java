package io.quiver.executor.index.blocked;

import io.quiver.executor.index.RecallCurve;
import io.quiver.executor.index.RowSearch;

/**
 * How many standard deviations an estimate may be wrong by before a row is missed: more find more, and compute more
 * distances.
 *
 * @param deviations of the error of an estimate, one-sided
 */
record ErrorWidth(double deviations) {
    private static final double DEFAULT = 2.1;

    /** For each time that a beam is wider by a factor of e. */
    private static final double A_FACTOR_E = 0.6;

    static final RecallCurve RECALL = new RecallCurve(
            10, new int[] {RowSearch.EF_DEFAULT, 200, 400, 800}, new float[] {0.99f, 0.995f, 0.998f, 0.999f});

    /** There is no beam here, but who asks for a wider one wants to miss less. */
    static ErrorWidth of(int ef) {
        double wider = Math.log((double) Math.max(ef, RowSearch.EF_DEFAULT) / RowSearch.EF_DEFAULT);
        return new ErrorWidth(DEFAULT + A_FACTOR_E * wider);
    }
}

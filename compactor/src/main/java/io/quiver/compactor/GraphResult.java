package io.quiver.compactor;

import io.quiver.executor.index.RecallCurve;
import io.quiver.executor.segment.Calibration;

/** How the attempt to give a segment a graph ended, one that is published or one that is to be. */
sealed interface GraphResult {
    /**
     * The segment is searched by it.
     *
     * @param isJoined whether it was made of an older graph
     */
    record Built(RecallCurve curve, boolean isJoined) implements GraphResult {}

    /** The segment is so small that it is scanned. */
    record Unneeded() implements GraphResult {}

    /** The best graph found too little; the segment goes without, and segments are not merged into it. */
    record Refused(Calibration best) implements GraphResult {}

    /**
     * It would only have made searches faster, and finds less than what it would have replaced.
     *
     * @param before the recall of that, 0 to 1
     */
    record Worse(RecallCurve curve, double before) implements GraphResult {}

    /** Nobody needs it any more, or the compactor closes. */
    record GivenUp() implements GraphResult {}

    /** It will be tried again. */
    record Failed(Throwable failure) implements GraphResult {}
}

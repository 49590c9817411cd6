package io.quiver.compactor;

import io.quiver.executor.index.RecallCurve;
import io.quiver.executor.segment.Segment;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Leaves a graph that was only made to search fewer of them, where the best it finds is less than the graphs found that
 * it would replace. Recall was asked of some hundred questions, so a little less is no less.
 */
final class KeptRecall implements UnaryOperator<GraphResult> {
    private static final double LOSS_MAX = 0.015;

    private final double before;

    KeptRecall(List<Segment> sources) {
        double found = 0;
        long rows = 0;
        for (Segment source : sources) {
            found += source.hasGraph()
                    ? (double) source.rowCount() * best(source.index().recallCurve())
                    : source.rowCount();
            rows += source.rowCount();
        }
        this.before = found / Math.max(1, rows);
    }

    private static float best(RecallCurve curve) {
        float[] recalls = curve.recalls();
        return recalls[recalls.length - 1];
    }

    @Override
    public GraphResult apply(GraphResult result) {
        return result instanceof GraphResult.Built built && best(built.curve()) < before - LOSS_MAX
                ? new GraphResult.Worse(built.curve(), before)
                : result;
    }
}

package io.quiver.executor;

import io.quiver.executor.query.Rank;
import java.util.List;

/** Evaluates one rank expression over the records that its searches found, from left to right. Used once. */
final class RankEvaluation {
    private final FoundRecords records;
    private int nextSearch;

    RankEvaluation(FoundRecords records) {
        this.records = records;
    }

    Scores evaluate(Rank rank) {
        return switch (rank) {
            case Rank.Knn knn -> records.scoresBy(nextSearch++, knn.isPlace()).otherwise(knn.otherwise());
            case Rank.Value(double value) -> Scores.flat(records.count(), value);
            case Rank.Folded(var fold, var operands) -> fold(fold, operands);
            case Rank.Combined(var operator, var left, var right) -> {
                Scores first = evaluate(left);
                yield first.combine(evaluate(right), operator::apply);
            }
            case Rank.Mapped(var function, var operand) -> evaluate(operand).map(function::apply);
        };
    }

    private Scores fold(Rank.Fold fold, List<Rank> operands) {
        Scores folded = Scores.flat(records.count(), fold.start());
        for (Rank operand : operands) {
            folded = folded.combine(evaluate(operand), fold::apply);
        }
        return folded;
    }
}

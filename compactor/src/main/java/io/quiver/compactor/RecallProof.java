package io.quiver.compactor;

import io.quiver.executor.index.EmbeddingRows;
import io.quiver.executor.index.FlatIndex;
import io.quiver.executor.index.Metric;
import io.quiver.executor.index.NearestRows;
import io.quiver.executor.index.RecallCurve;
import io.quiver.executor.index.RowRange;
import io.quiver.executor.index.RowSearch;
import io.quiver.executor.index.VectorIndex;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Asks graphs over the rows of a segment questions whose answers are known by exact search. The exact answers are
 * computed once, for all graphs that are tried. For one thread.
 */
final class RecallProof {
    static final int K = 10;

    private final RowRange range;
    private final List<SampleQuery> queries;
    private final List<NearestRows> answers;

    private RecallProof(RowRange range, List<SampleQuery> queries, List<NearestRows> answers) {
        this.range = range;
        this.queries = queries;
        this.answers = answers;
    }

    /**
     * Draws the questions and answers them.
     *
     * @param rowCount more than K
     * @param isGivenUp asked often; once true, {@link GivenUpException} is thrown
     */
    static RecallProof prepare(EmbeddingRows rows, int rowCount, Metric metric, long seed, BooleanSupplier isGivenUp) {
        RowRange range = new RowRange(0, rowCount);
        FlatIndex exact = new FlatIndex(metric, rows);
        List<SampleQuery> queries = SampleQuery.draw(rows, rowCount, seed);
        return new RecallProof(range, queries, ask(exact, range, queries, RowSearch.EXACT, isGivenUp));
    }

    int sampleSize() {
        return queries.size();
    }

    /**
     * The share of the true nearest that the graph finds with each of these beam widths; ends as {@link #prepare} does.
     */
    RecallCurve measure(VectorIndex graph, int[] efs, BooleanSupplier isGivenUp) {
        float[] recalls = new float[efs.length];
        for (int i = 0; i < efs.length; i++) {
            recalls[i] = recall(ask(graph, range, queries, efs[i], isGivenUp));
        }
        return new RecallCurve(K, efs, recalls);
    }

    private static List<NearestRows> ask(
            VectorIndex index, RowRange range, List<SampleQuery> queries, int ef, BooleanSupplier isGivenUp) {
        List<RowSearch> searches =
                queries.stream().map(query -> search(query, isGivenUp, ef)).toList();
        index.search(searches, range);
        if (isGivenUp.getAsBoolean()) {
            throw new GivenUpException();
        }
        return searches.stream().map(RowSearch::hits).peek(NearestRows::sort).toList();
    }

    private static RowSearch search(SampleQuery query, BooleanSupplier isGivenUp, int ef) {
        NearestRows hits = new NearestRows(K, row -> row);
        return new RowSearch(query.embedding(), null, _ -> true, hits, isGivenUp, ef).without(query.row());
    }

    private float recall(List<NearestRows> found) {
        long right = 0;
        long wanted = 0;
        for (int i = 0; i < answers.size(); i++) {
            right += right(found.get(i), answers.get(i));
            wanted += answers.get(i).size();
        }
        return (float) right / wanted;
    }

    /** A hit as near as the farthest true one is as good as it: rows may be equal. */
    private static int right(NearestRows found, NearestRows answer) {
        float farthest = answer.distance(answer.size() - 1);
        int right = 0;
        for (int i = 0; i < found.size(); i++) {
            right += found.distance(i) <= farthest || contains(answer, found.row(i)) ? 1 : 0;
        }
        return right;
    }

    private static boolean contains(NearestRows answer, int row) {
        for (int i = 0; i < answer.size(); i++) {
            if (answer.row(i) == row) {
                return true;
            }
        }
        return false;
    }
}

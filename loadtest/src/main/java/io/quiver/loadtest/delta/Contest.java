package io.quiver.loadtest.delta;

import io.quiver.executor.index.NearestRows;
import io.quiver.executor.index.RowRange;
import io.quiver.executor.index.RowSearch;
import io.quiver.executor.index.VectorIndex;
import io.quiver.loadtest.data.DataSet;
import io.quiver.loadtest.data.Recall;
import io.quiver.loadtest.index.CpuTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The search by codes against the exact scan, in turns on one thread: processor time of a query, the median of some
 * rounds, with the recall of the same answers.
 */
public final class Contest {
    private static final int K = 10;

    private final DataSet set;
    private final VectorIndex fresh;
    private final VectorIndex exact;
    private final RowRange everything;

    public Contest(DataSet set, FreshRows rows) {
        this.set = set;
        this.fresh = rows.fresh();
        this.exact = rows.exact();
        this.everything = new RowRange(0, rows.count());
    }

    /**
     * Asks every query of each index.
     *
     * @param batch queries that are searched together
     */
    public Result run(int batch, int ef, int rounds) {
        double[] freshUs = new double[rounds];
        double[] exactUs = new double[rounds];
        Round last = new Round(set);
        for (int round = 0; round < rounds; round++) {
            last = new Round(set);
            freshUs[round] = last.search(fresh, batch, ef);
            exactUs[round] = new Round(set).search(exact, batch, ef);
        }
        return new Result(batch, ef, median(freshUs), median(exactUs), last.recall.value(), last.distances());
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    /**
     * What came out.
     *
     * @param freshUs processor time of a query by codes, in microseconds
     * @param exactUs of one by the exact scan
     * @param recall at 10, of the search by codes
     * @param distances computed for a query by codes
     */
    public record Result(int batch, int ef, double freshUs, double exactUs, double recall, double distances) {
        @Override
        public String toString() {
            return "batch %3d, ef %4d: by codes %7.0f us a query, recall@10 %.4f, %6.0f distances; exact %7.0f us; %.1fx"
                    .formatted(batch, ef, freshUs, recall, distances, exactUs, exactUs / freshUs);
        }
    }

    /** Every query once. */
    private final class Round {
        private final Recall recall;
        private long distances;

        Round(DataSet set) {
            this.recall = new Recall(set);
        }

        double search(VectorIndex index, int batch, int ef) {
            int count = set.queries().count();
            double seconds = 0;
            for (int from = 0; from < count; from += batch) {
                List<RowSearch> searches = searches(from, Math.min(count, from + batch), ef);
                double start = CpuTime.ofThisThreadSeconds();
                index.search(searches, everything);
                seconds += CpuTime.ofThisThreadSeconds() - start;
                take(from, searches);
            }
            return 1e6 * seconds / count;
        }

        private void take(int from, List<RowSearch> searches) {
            for (int i = 0; i < searches.size(); i++) {
                recall.add(from + i, rows(searches.get(i).hits()), K);
                distances += searches.get(i).work().distances();
            }
        }

        double distances() {
            return (double) distances / set.queries().count();
        }
    }

    private List<RowSearch> searches(int from, int to, int ef) {
        List<RowSearch> searches = new ArrayList<>(to - from);
        for (int i = from; i < to; i++) {
            NearestRows hits = new NearestRows(K, row -> row);
            searches.add(new RowSearch(set.queries().copy(i), null, _ -> true, hits, () -> false, ef));
        }
        return searches;
    }

    private static int[] rows(NearestRows hits) {
        hits.sort();
        int[] rows = new int[hits.size()];
        Arrays.setAll(rows, hits::row);
        return rows;
    }
}

package io.quiver.loadtest.index;

import io.quiver.executor.index.RowSet;
import io.quiver.loadtest.data.DataSet;
import io.quiver.loadtest.data.ExactSearch;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;

/** How the rows that a filter accepts lie among the others. */
enum FilterKind {
    /** Any rows. */
    RANDOM {
        @Override
        List<Integer> order(DataSet set, Random random) {
            List<Integer> rows = new ArrayList<>(all(set));
            Collections.shuffle(rows, random);
            return rows;
        }
    },
    /** The rows nearest to one of them, so that most queries are far from every match. */
    CORRELATED {
        @Override
        List<Integer> order(DataSet set, Random random) {
            float[] center = set.base().copy(random.nextInt(set.base().count()));
            float[] distances = new float[set.base().count()];
            for (int row = 0; row < distances.length; row++) {
                distances[row] = ExactSearch.distance(set.base(), row, center, set.space());
            }
            return all(set).stream()
                    .sorted(Comparator.comparingDouble(row -> distances[row]))
                    .toList();
        }
    };

    private static final long SEED = 7;

    /** Rows in the order in which they are accepted. */
    abstract List<Integer> order(DataSet set, Random random);

    /** For each selectivity the rows accepted, at least one. */
    List<RowSet> accepted(DataSet set, List<Double> selectivities) {
        List<Integer> order = order(set, new Random(SEED));
        return selectivities.stream()
                .map(share -> rowSet(order, Math.max(1, (int) Math.round(share * order.size()))))
                .toList();
    }

    String title() {
        return name().toLowerCase(Locale.ROOT);
    }

    private static RowSet rowSet(List<Integer> order, int count) {
        RowSet rows = RowSet.none(order.size());
        order.subList(0, count).forEach(rows::add);
        return rows;
    }

    private static List<Integer> all(DataSet set) {
        return IntStream.range(0, set.base().count()).boxed().toList();
    }
}

package io.quiver.loadtest.filter;

import io.quiver.loadtest.data.DataSet;
import io.quiver.loadtest.data.ExactSearch;
import io.quiver.loadtest.data.Vectors;
import io.quiver.loadtest.filter.BesideOutcome.Round;
import io.quiver.loadtest.filter.BesideOutcome.Side;
import io.quiver.loadtest.pgvector.PgvectorFilters;
import io.quiver.loadtest.pgvector.PgvectorFilters.Way;
import io.quiver.loadtest.run.ServerUsage;
import java.io.IOException;

/**
 * Asks two servers in turns within filters of one selectivity. Of the ways in which the other can answer, the fastest
 * counts that has the recall that is asked for.
 */
final class BesideTrial {
    private static final double CHOICE_SECONDS = 2;
    private static final int WARM_ROUNDS = 3;

    private final FilterTrial trial;
    private final PgvectorFilters other;
    private final DataSet set;
    private final ServerUsage usage;
    private final FilterSettings settings;
    private final int rounds;

    BesideTrial(
            FilterTrial trial,
            PgvectorFilters other,
            DataSet set,
            ServerUsage usage,
            FilterSettings settings,
            int rounds) {
        this.trial = trial;
        this.usage = usage;
        this.other = other;
        this.set = set;
        this.settings = settings;
        this.rounds = rounds;
    }

    private record Choice(Way way, double recall, double perSecond) {}

    @FunctionalInterface
    private interface Measurement {
        double perSecond() throws IOException;
    }

    BesideOutcome run(int cardinality) throws IOException {
        FilterCase filter = FilterCase.integer(cardinality);
        Choice choice = choose(filter, cardinality);
        double recall = trial.recall(filter);
        for (int warm = 0; warm < WARM_ROUNDS; warm++) {
            trial.queriesPerSecond(filter);
        }
        Round[] all = new Round[rounds];
        for (int round = 0; round < rounds; round++) {
            all[round] = new Round(
                    side(usage, () -> trial.queriesPerSecond(filter)),
                    side(other.usage(), () -> other.perSecond(choice.way, cardinality, settings.seconds())));
        }
        return new BesideOutcome(filter.selectivity(), recall, choice.way.name(), choice.recall, all);
    }

    private Side side(ServerUsage server, Measurement measurement) throws IOException {
        double before = server.cpuSecondsWithEnded();
        double perSecond = measurement.perSecond();
        double cpuSeconds = server.cpuSecondsWithEnded() - before;
        return new Side(perSecond, cpuSeconds * 1e6 / (perSecond * settings.seconds()));
    }

    private Choice choose(FilterCase filter, int cardinality) throws IOException {
        Vectors queries = set.withQueries(settings.recallQueries()).queries();
        int[][] truth = ExactSearch.nearest(
                set.base(),
                queries,
                set.space(),
                FilterTrial.K,
                filter.accepts().apply(0));
        Choice best = null;
        for (Way way : Way.all()) {
            double recall = FilterTrial.recall(truth, other.nearest(way, cardinality, 0, queries.count()));
            double perSecond = other.perSecond(way, cardinality, CHOICE_SECONDS);
            if (recall >= settings.targetRecall() && (best == null || perSecond > best.perSecond)) {
                best = new Choice(way, recall, perSecond);
            }
        }
        if (best == null) {
            throw new IOException("pgvector has no recall of " + settings.targetRecall() + " at " + filter);
        }
        return best;
    }
}

package io.quiver.loadtest.index;

import io.quiver.loadtest.data.DataSet;
import io.quiver.loadtest.data.Recall;
import io.quiver.loadtest.index.engine.Searcher;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One way to search at one width, measured round by round; each round goes on with the queries after those of the last.
 */
final class Trial {
    /** Between two blocks of at least so many queries the clock is read. */
    private static final int BLOCK_MIN = 8;

    /** Share of a measurement that comes before it and only brings the index back into the caches. */
    private static final double WARM_SHARE = 0.1;

    private final Searcher searcher;
    private final DataSet set;
    private final int ef;
    private final int[][] found;
    private final List<Double> rounds = new ArrayList<>();
    private int next;
    private double recall;

    Trial(Searcher searcher, DataSet set, int ef) {
        this.searcher = searcher;
        this.set = set;
        this.ef = ef;
        this.found = new int[set.queries().count()][];
    }

    int ef() {
        return ef;
    }

    double recall() {
        return recall;
    }

    Point point() {
        return new Point(ef, recall, rounds);
    }

    /** Answers every query once, or as many as the time allows, and says how well. Warms the code on the way. */
    void measureRecall(double secondsMax) throws IOException {
        next = 0;
        int answered = 0;
        double begin = CpuTime.ofThisThreadSeconds();
        do {
            answered += block();
        } while (next != 0 && CpuTime.ofThisThreadSeconds() - begin < secondsMax);
        Recall share = new Recall(set);
        for (int query = 0; query < answered; query++) {
            share.add(query, distinct(found[query]), Searcher.K);
        }
        recall = share.value();
    }

    /** Asks for about so long, and a little before that does not count. */
    void measureSpeed(double seconds) throws IOException {
        ask(seconds * WARM_SHARE);
        rounds.add(ask(seconds));
    }

    /** Queries a second. */
    private double ask(double seconds) throws IOException {
        int answered = 0;
        double begin = CpuTime.ofThisThreadSeconds();
        double spent;
        do {
            answered += block();
            spent = CpuTime.ofThisThreadSeconds() - begin;
        } while (spent < seconds);
        return answered / spent;
    }

    private int block() throws IOException {
        int from = next;
        int to = Math.min(from + Math.max(BLOCK_MIN, searcher.batch()), found.length);
        searcher.search(from, to, ef, found);
        next = to == found.length ? 0 : to;
        return to - from;
    }

    /** A row that is returned twice would count twice. */
    private int[] distinct(int[] rows) {
        if (Arrays.stream(rows).distinct().count() != rows.length) {
            throw new IllegalStateException(
                    "%s found a row twice: %s".formatted(searcher.name(), Arrays.toString(rows)));
        }
        return rows;
    }
}

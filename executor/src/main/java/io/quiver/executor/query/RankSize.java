package io.quiver.executor.query;

import io.quiver.log.record.QuiverException;
import java.util.ArrayList;
import java.util.List;

/** Measures an expression, and refuses one that would take more memory or time than a search may. */
final class RankSize {
    /** Expressions within expressions. */
    static final int DEPTH_MAX = 32;
    /** Expressions of one search. */
    static final int EXPRESSIONS_MAX = 1_024;
    /** Nearest-neighbour searches of one search. */
    static final int KNNS_MAX = 32;
    /** Records that all of these may find together. */
    static final int CANDIDATES_MAX = 4 * Query.Nearest.K_MAX;

    private final List<Rank.Knn> knns = new ArrayList<>();
    private int expressions;
    private long candidates;

    private RankSize() {}

    /** The nearest-neighbour searches of an expression, from left to right. */
    static List<Rank.Knn> knnsOf(Rank rank) {
        RankSize size = new RankSize();
        size.add(rank, 1);
        return List.copyOf(size.knns);
    }

    private void add(Rank rank, int depth) {
        require(depth, DEPTH_MAX, "nested deeper than %d");
        require(++expressions, EXPRESSIONS_MAX, "more than %d expressions");
        if (rank instanceof Rank.Knn knn) {
            add(knn);
        }
        rank.operands().forEach(operand -> add(operand, depth + 1));
    }

    private void add(Rank.Knn knn) {
        knns.add(knn);
        candidates += knn.limit();
        require(knns.size(), KNNS_MAX, "more than %d $knn");
        require(candidates, CANDIDATES_MAX, "the limits of all $knn add up to more than %d");
    }

    private static void require(long found, int most, String otherwise) {
        if (found > most) {
            throw QuiverException.invalid("Validation error: rank: " + otherwise.formatted(most));
        }
    }
}

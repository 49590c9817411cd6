package io.quiver.executor.index;

import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What one search within one segment did, counted while it runs. Belongs to the thread that searches; read when the
 * search has returned.
 */
public final class SearchWork {
    private long distances;
    private long estimates;
    private long timeNs;
    private int places;
    private @Nullable SearchPlan plan;
    private @Nullable Supplier<List<SearchPlan>> ways;

    /** Exact distances have been computed. */
    public void addDistances(long count) {
        distances += count;
    }

    /** Rows have been compared by their codes, which gives estimates of distances. */
    public void addEstimates(long count) {
        estimates += count;
    }

    /** A walk has come by so many rows that lie no farther away than its last hit, that one included. */
    public void cameBy(int rows) {
        places = rows;
    }

    /** Time has been spent; searches that run together each take an equal share of it. */
    public void addTimeNs(long ns) {
        timeNs += ns;
    }

    /** The way that was chosen, or that another turned into. */
    public void follow(SearchPlan chosen) {
        plan = chosen;
    }

    /**
     * A way is about to be chosen among these.
     *
     * @param ways makes a list of them, with the costs that they were compared by, for who has the search explained
     */
    public void chooseAmong(Supplier<List<SearchPlan>> ways) {
        this.ways = ways;
    }

    public long distances() {
        return distances;
    }

    public long estimates() {
        return estimates;
    }

    /** What the last walk came by up to its last hit; 0 where no walk counted it. */
    public int places() {
        return places;
    }

    public long timeNs() {
        return timeNs;
    }

    /** {@code null} where the index had no choice. */
    public @Nullable SearchPlan plan() {
        return plan;
    }

    /** What {@link #plan} was chosen from; {@code null} where nothing has been chosen. */
    public @Nullable Supplier<List<SearchPlan>> ways() {
        return ways;
    }
}

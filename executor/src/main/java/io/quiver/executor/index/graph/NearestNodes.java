package io.quiver.executor.index.graph;

import io.quiver.executor.index.Metric;
import io.quiver.executor.index.RowSearch;
import io.quiver.executor.index.RowSet;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The hits of a walk so far: the nearest of the nodes that it has expanded and the search accepts, by true distance, a
 * few more than are wanted. They also say how far the walk need look: what is estimated to be farther than the last
 * wanted hit, by more than some slack, is not worth a step. An easy question is so answered in a part of the steps that
 * its beam allows.
 *
 * <p>The slack is {@code 1 + (ef / k - 1) / 80} of the squared distance, and more for the inner product, where all
 * distances have a large part in common: measured on MNIST, on clustered rows of 128 dimensions and on unit vectors of
 * 768, the steps to the same recall are fewest about there, by a quarter at recall 0.99 and by half at 0.998; below
 * 0.95 the beam ends nearly every walk. The idea is that of distance adaptive beam search (Al-Jazzazi et al., 2025).
 *
 * <p>Where a search has found as many hits elsewhere as it wants, in other segments, a walk need look no farther than
 * the last of all of them, if it has found some of its own before: until then it is still on its way. The slack is that
 * of a search for as many hits as this graph has among them, whose beam would be narrower as
 * {@link io.quiver.executor.index.RecallCurve} has it. Likewise where a filter lets a share of the nodes become hits:
 * the beam is wide for those that do not. The nodes that such a walk comes by nearer than the last hit, and that are
 * none, count as if they were wanted too: it has the slack of a search for all of them, whose last is easier to find.
 *
 * <p>Belongs to one thread; reused from query to query.
 */
final class NearestNodes {
    /** More are kept than are wanted: an eighth as many, and these. */
    private static final int SPARE = 4;

    private static final int SPARE_SHARE = 8;

    /** A walk has arrived when it has found so many hits, wherever others are. */
    private static final int ARRIVED = 6;

    /** Places of a beam, for each hit wanted, that let a walk go as far again as the last hit. */
    private final float placesOfDouble;

    private @Nullable RowSearch search;
    private long[] keys = new long[0];
    private int limit;
    private int count;
    private int wanted;
    private double ef;
    private float slack;
    private float[] elsewhere = {};
    /** Hits of this graph among the wanted ones of all. */
    private int own;

    private final PassedNodes passed = new PassedNodes();

    NearestNodes(Metric metric) {
        placesOfDouble = metric == Metric.INNER_PRODUCT ? 25 : 80;
    }

    /**
     * Begins anew for a search.
     *
     * @param ef how wide its beam is
     * @param elsewhere distances in code space of the hits that others have found, nearest first: as many as are
     *     wanted, or none
     */
    void reset(RowSearch search, int ef, float[] elsewhere) {
        this.search = search;
        this.ef = ef * Math.sqrt(search.share());
        this.elsewhere = elsewhere;
        own = 0;
        wanted = search.hits().k();
        slack = slack(wanted);
        limit = wanted + SPARE + wanted / SPARE_SHARE;
        if (keys.length < limit) {
            keys = new long[limit];
        }
        count = 0;
        passed.clear();
    }

    /** Takes an expanded node, as a {@link Beam#key}, if it is near enough and its row may be a hit. */
    void offer(long key, int row) {
        if (count == limit && key >= keys[count - 1] || isBridge(row)) {
            return;
        }
        if (Objects.requireNonNull(search).isLive().test(row)) {
            place(key);
            passed.keepNearer(lastWanted());
        } else if (Beam.distance(key) < lastWanted()) {
            passed.add(Beam.distance(key));
        }
    }

    private boolean isBridge(int row) {
        RowSet candidates = Objects.requireNonNull(search).candidates();
        return candidates != null && !candidates.contains(row);
    }

    /** Pushes out the last where all places are taken. */
    private void place(long key) {
        int at = Arrays.binarySearch(keys, 0, count, key);
        int into = at < 0 ? -at - 1 : at;
        int last = Math.min(count, limit - 1);
        System.arraycopy(keys, into, keys, into + 1, last - into);
        keys[into] = key;
        count = Math.min(count + 1, limit);
    }

    private float slack(int hits) {
        double places = ef / Math.sqrt((double) Math.max(1, hits) * Math.max(1, wanted));
        return 1 + (float) Math.max(0, places - 1) / placesOfDouble;
    }

    /** No estimate beyond this is worth a step; infinite until there are as many hits as are wanted. */
    float reach() {
        if (elsewhere.length > 0) {
            return reachBesideOthers();
        }
        return lastOfThese() * (passed.count() == 0 ? slack : slack(wanted + passed.count()));
    }

    /** Infinite until there are as many hits as are wanted. */
    private float lastOfThese() {
        return count < Math.max(1, wanted) ? Float.POSITIVE_INFINITY : distance(Math.max(1, wanted) - 1);
    }

    /** How far from the query the last wanted hit lies of those so far, here or elsewhere. */
    float lastWanted() {
        return elsewhere.length > 0 ? lastOfAll() : lastOfThese();
    }

    private float reachBesideOthers() {
        int least = Math.min(wanted, ARRIVED);
        if (count < least) {
            return Float.POSITIVE_INFINITY;
        }
        return Math.max(distance(least - 1), lastOfAll()) * slack(Math.max(least, own) + passed.count());
    }

    /** The last wanted hit of all that there are, here and elsewhere. */
    private float lastOfAll() {
        while (own < Math.min(count, wanted) && distance(own) < elsewhere[wanted - own - 1]) {
            own++;
        }
        float lastElsewhere = own == wanted ? Float.NEGATIVE_INFINITY : elsewhere[wanted - own - 1];
        return own == 0 ? lastElsewhere : Math.max(distance(own - 1), lastElsewhere);
    }

    int count() {
        return count;
    }

    /** The key of the node that is nearest but {@code i}. */
    long key(int i) {
        return keys[i];
    }

    private float distance(int i) {
        return Beam.distance(keys[i]);
    }

    /** How many of the first may be among the wanted ones, if a distance may be wrong by {@code error} of itself. */
    int countWithin(float error) {
        if (wanted == 0 || elsewhere.length == 0 && count <= wanted) {
            return Math.min(count, wanted);
        }
        float last = (elsewhere.length == 0 ? distance(wanted - 1) : lastOfAll()) * (1 + error);
        int within = elsewhere.length == 0 ? wanted : own;
        while (within < count && distance(within) <= last) {
            within++;
        }
        return within;
    }
}

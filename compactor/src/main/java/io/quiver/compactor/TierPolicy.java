package io.quiver.compactor;

import java.util.BitSet;
import java.util.List;

/**
 * Which sealed segments to write again, together with fresh rows or with one another.
 *
 * <p>Sizes fall into tiers, each {@code fanIn} times the one below. As soon as {@code fanIn} segments stand in one tier
 * they become one segment of a higher tier, so a row is written once a tier: N rows cost N log N in all, and a
 * collection has fewer than {@code fanIn} segments a tier. A segment with too many ended rows is written again at any
 * rate: what that costs, the deletes have paid for.
 */
final class TierPolicy {
    private final CompactorSettings settings;

    TierPolicy(CompactorSettings settings) {
        this.settings = settings;
    }

    /**
     * Positions in {@code segments} of those to write again in a fold, given that {@code freshRows} are written anyway.
     * Those with a graph are not among them: what a fold writes has none.
     */
    BitSet chooseToFold(List<SegmentSize> segments, long freshRows) {
        return choose(segments, freshRows, where(segments, false));
    }

    /** Positions in {@code segments} of those with a graph to write again as one that has a graph from the start. */
    BitSet chooseToMerge(List<SegmentSize> segments) {
        return choose(segments, 0, where(segments, true));
    }

    private static BitSet where(List<SegmentSize> segments, boolean hasGraph) {
        BitSet choice = new BitSet();
        for (int i = 0; i < segments.size(); i++) {
            choice.set(i, segments.get(i).hasGraph() == hasGraph);
        }
        return choice;
    }

    private BitSet choose(List<SegmentSize> segments, long freshRows, BitSet choice) {
        BitSet chosen = tooMuchEnded(segments, choice);
        while (mergeOneTier(segments, freshRows, choice, chosen)) {
            // What has been merged may fill the next tier.
        }
        return chosen;
    }

    private BitSet tooMuchEnded(List<SegmentSize> segments, BitSet choice) {
        BitSet chosen = new BitSet();
        for (int i = 0; i < segments.size(); i++) {
            SegmentSize size = segments.get(i);
            chosen.set(i, choice.get(i) && size.endedCount() > settings.endedShareMax() * size.rowCount());
        }
        return chosen;
    }

    private boolean mergeOneTier(List<SegmentSize> segments, long freshRows, BitSet choice, BitSet chosen) {
        long writtenRows = freshRows + liveRows(segments, chosen);
        for (int tier = 0; tier <= tier(settings.mergeRowsMax()); tier++) {
            BitSet members = members(segments, chosen, tier);
            members.and(choice);
            int joining = writtenRows > 0 && tier(writtenRows) >= tier ? 1 : 0;
            if (!members.isEmpty() && members.cardinality() + joining >= settings.fanIn()) {
                chosen.or(members);
                return true;
            }
        }
        return false;
    }

    private BitSet members(List<SegmentSize> segments, BitSet chosen, int tier) {
        BitSet members = new BitSet();
        for (int i = 0; i < segments.size(); i++) {
            int live = segments.get(i).liveCount();
            members.set(i, !chosen.get(i) && live <= settings.mergeRowsMax() && tier(live) == tier);
        }
        return members;
    }

    private static long liveRows(List<SegmentSize> segments, BitSet chosen) {
        return chosen.stream().mapToLong(i -> segments.get(i).liveCount()).sum();
    }

    /** 0 up to {@code smallRows}, one more for every further factor of {@code fanIn}. */
    private int tier(long rows) {
        int tier = 0;
        for (long bound = settings.smallRows(); rows > bound; bound *= settings.fanIn()) {
            tier++;
        }
        return tier;
    }
}

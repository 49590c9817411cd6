package io.quiver.compactor;

import io.quiver.executor.CollectionDebt;
import java.util.List;

/** Whether a collection should be folded now. */
final class DuePolicy {
    private final CompactorSettings settings;
    private final TierPolicy tiers;

    DuePolicy(CompactorSettings settings, TierPolicy tiers) {
        this.settings = settings;
        this.tiers = tiers;
    }

    boolean isDue(CollectionDebt debt) {
        return debt.waitingDeltas() > 0 || needsSeal(debt);
    }

    /**
     * What lies in the growing delta must be folded too: it is old, or its operations ended much of what is published.
     */
    boolean needsSeal(CollectionDebt debt) {
        return debt.unsealedFor().compareTo(settings.unsealedAgeMax()) >= 0 || hasBadSegments(debt);
    }

    private boolean hasBadSegments(CollectionDebt debt) {
        List<SegmentSize> sizes = debt.segments().stream().map(SegmentSize::of).toList();
        return !tiers.chooseToFold(sizes, 0).isEmpty();
    }
}

package io.quiver.executor.segment;

import io.quiver.executor.segment.OffHeapBudget.Owner;
import java.util.HashMap;
import java.util.Map;

/**
 * Counts the mapped files of sealed segments, once for all collections that have them: forks have links to the same
 * files under the same name, and the system keeps their pages once. Of one name the largest counts, for each collection
 * has tombstones of its own. Safe on every thread.
 */
final class SharedFiles {
    private final OffHeapBudget budget;
    private final Map<String, Share> shares = new HashMap<>();

    private record Share(long bytes, int owners) {}

    SharedFiles(OffHeapBudget budget) {
        this.budget = budget;
    }

    /** One more has opened a segment; refused as {@link OffHeapBudget#reserve} does. */
    synchronized void open(String segment, long bytes) {
        Share share = shares.getOrDefault(segment, new Share(0, 0));
        long more = Math.max(0, bytes - share.bytes());
        budget.reserve(Owner.SEALED, more);
        shares.put(segment, new Share(share.bytes() + more, share.owners() + 1));
    }

    /** One that has opened it has closed it. */
    synchronized void close(String segment) {
        Share share = shares.get(segment);
        if (share == null) {
            throw new IllegalStateException("nobody has opened " + segment);
        }
        if (share.owners() > 1) {
            shares.put(segment, new Share(share.bytes(), share.owners() - 1));
        } else {
            shares.remove(segment);
            budget.release(Owner.SEALED, share.bytes());
        }
    }
}

package io.quiver.executor;

import java.util.List;
import java.util.function.IntFunction;

/** Is shown searches that have been done, and may look more closely at some of them. Called on the search threads. */
@FunctionalInterface
interface RecallSampling {
    /** Looks at none. */
    RecallSampling NONE = (_, _, _, _) -> {};

    /**
     * Queries with one filter have been searched for together.
     *
     * @param view open during the call
     * @param found what was found for query {@code i} of those asked
     */
    void answered(CollectionView view, Candidates candidates, List<AskedNearest> asked, IntFunction<FoundRows> found);
}

package io.quiver.executor;

/**
 * The limits of an executor.
 *
 * @param searchThreads platform threads that search, one a core
 * @param searchQueueMax batches and shares of batches that may wait for a search thread; more are refused
 * @param deltas what is in memory until it is compacted
 * @param apply how it follows the log
 * @param verifiedBytesMax bytes of segments that are read at opening and compared with their checksums
 * @param history how far back collections can be read
 * @param recallSampleEvery one nearest-neighbour search in so many is asked again exactly; 0 for none
 */
public record ExecutorSettings(
        int searchThreads,
        int searchQueueMax,
        DeltaLimits deltas,
        ApplyLimits apply,
        long verifiedBytesMax,
        HistoryWindow history,
        int recallSampleEvery) {
    public static final ExecutorSettings DEFAULT = new ExecutorSettings(
            Runtime.getRuntime().availableProcessors(),
            4_096,
            DeltaLimits.DEFAULT,
            ApplyLimits.DEFAULT,
            4L << 30,
            HistoryWindow.NONE,
            0);

    public ExecutorSettings {
        AtLeastOne.require("searchThreads", searchThreads);
        AtLeastOne.require("searchQueueMax", searchQueueMax);
        if (recallSampleEvery < 0) {
            throw new IllegalArgumentException("recallSampleEvery must be at least 0, not " + recallSampleEvery);
        }
    }

    public ExecutorSettings withSearchThreads(int threads) {
        return new ExecutorSettings(
                threads, searchQueueMax, deltas, apply, verifiedBytesMax, history, recallSampleEvery);
    }

    /** Delta segments are sealed at so many rows, or bytes of records. */
    public ExecutorSettings withDeltaMax(int rows, long bytes) {
        return new ExecutorSettings(
                searchThreads,
                searchQueueMax,
                deltas.withMax(rows, bytes),
                apply,
                verifiedBytesMax,
                history,
                recallSampleEvery);
    }

    public ExecutorSettings withVerifiedBytesMax(long bytes) {
        return new ExecutorSettings(searchThreads, searchQueueMax, deltas, apply, bytes, history, recallSampleEvery);
    }

    public ExecutorSettings withHistory(HistoryWindow window) {
        return new ExecutorSettings(
                searchThreads, searchQueueMax, deltas, apply, verifiedBytesMax, window, recallSampleEvery);
    }

    /** One nearest-neighbour search in so many is asked again exactly; 0 for none. */
    public ExecutorSettings withRecallSampleEvery(int every) {
        return new ExecutorSettings(searchThreads, searchQueueMax, deltas, apply, verifiedBytesMax, history, every);
    }
}

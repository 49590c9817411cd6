package io.quiver.executor;

import java.time.Duration;

/**
 * The limits of an executor.
 *
 * @param searchThreads platform threads that search, one a core
 * @param searchQueueMax batches and shares of batches that may wait for a search thread; more are refused
 * @param deltaRowsMax rows after which a delta segment is sealed
 * @param deltaBytesMax bytes of records, about, after which a delta segment is sealed
 * @param sealedDeltasSoft sealed deltas of one collection that may wait for the compactor before writes are slowed
 * @param sealedDeltasMax sealed deltas of one collection at which writes are refused
 * @param writeDelayMax the longest that a write is slowed
 * @param appliedWaitMax how long a writer waits for its entry to be applied
 * @param appliedWaitersMax callers that may wait for an offset at one time
 * @param entriesAhead log entries asked for before those at hand are applied
 * @param verifiedBytesMax bytes of segments that are read at opening and compared with their checksums
 * @param history how far back collections can be read
 * @param recallSampleEvery one nearest-neighbour search in so many is asked again exactly; 0 for none
 */
public record ExecutorSettings(
        int searchThreads,
        int searchQueueMax,
        int deltaRowsMax,
        long deltaBytesMax,
        int sealedDeltasSoft,
        int sealedDeltasMax,
        Duration writeDelayMax,
        Duration appliedWaitMax,
        int appliedWaitersMax,
        int entriesAhead,
        long verifiedBytesMax,
        HistoryWindow history,
        int recallSampleEvery) {
    public static final ExecutorSettings DEFAULT = new ExecutorSettings(
            Runtime.getRuntime().availableProcessors(),
            4_096,
            65_536,
            256L << 20,
            2,
            4,
            Duration.ofMillis(500),
            Duration.ofSeconds(10),
            100_000,
            32,
            4L << 30,
            HistoryWindow.NONE,
            0);

    public ExecutorSettings {
        atLeastOne("searchThreads", searchThreads);
        atLeastOne("searchQueueMax", searchQueueMax);
        atLeastOne("deltaRowsMax", deltaRowsMax);
        atLeastOne("deltaBytesMax", deltaBytesMax);
        atLeastOne("sealedDeltasSoft", sealedDeltasSoft);
        atLeastOne("appliedWaitersMax", appliedWaitersMax);
        atLeastOne("entriesAhead", entriesAhead);
        if (recallSampleEvery < 0) {
            throw new IllegalArgumentException("recallSampleEvery must be at least 0, not " + recallSampleEvery);
        }
        if (sealedDeltasMax <= sealedDeltasSoft) {
            throw new IllegalArgumentException("sealedDeltasMax (%d) must be greater than sealedDeltasSoft (%d)"
                    .formatted(sealedDeltasMax, sealedDeltasSoft));
        }
    }

    public ExecutorSettings withSearchThreads(int threads) {
        return new ExecutorSettings(
                threads,
                searchQueueMax,
                deltaRowsMax,
                deltaBytesMax,
                sealedDeltasSoft,
                sealedDeltasMax,
                writeDelayMax,
                appliedWaitMax,
                appliedWaitersMax,
                entriesAhead,
                verifiedBytesMax,
                history,
                recallSampleEvery);
    }

    public ExecutorSettings withDeltaMax(int rows, long bytes) {
        return new ExecutorSettings(
                searchThreads,
                searchQueueMax,
                rows,
                bytes,
                sealedDeltasSoft,
                sealedDeltasMax,
                writeDelayMax,
                appliedWaitMax,
                appliedWaitersMax,
                entriesAhead,
                verifiedBytesMax,
                history,
                recallSampleEvery);
    }

    public ExecutorSettings withVerifiedBytesMax(long bytes) {
        return new ExecutorSettings(
                searchThreads,
                searchQueueMax,
                deltaRowsMax,
                deltaBytesMax,
                sealedDeltasSoft,
                sealedDeltasMax,
                writeDelayMax,
                appliedWaitMax,
                appliedWaitersMax,
                entriesAhead,
                bytes,
                history,
                recallSampleEvery);
    }

    public ExecutorSettings withHistory(HistoryWindow window) {
        return new ExecutorSettings(
                searchThreads,
                searchQueueMax,
                deltaRowsMax,
                deltaBytesMax,
                sealedDeltasSoft,
                sealedDeltasMax,
                writeDelayMax,
                appliedWaitMax,
                appliedWaitersMax,
                entriesAhead,
                verifiedBytesMax,
                window,
                recallSampleEvery);
    }

    /** One nearest-neighbour search in so many is asked again exactly; 0 for none. */
    public ExecutorSettings withRecallSampleEvery(int every) {
        return new ExecutorSettings(
                searchThreads,
                searchQueueMax,
                deltaRowsMax,
                deltaBytesMax,
                sealedDeltasSoft,
                sealedDeltasMax,
                writeDelayMax,
                appliedWaitMax,
                appliedWaitersMax,
                entriesAhead,
                verifiedBytesMax,
                history,
                every);
    }

    private static void atLeastOne(String name, long value) {
        if (value < 1) {
            throw new IllegalArgumentException("%s must be at least 1, not %d".formatted(name, value));
        }
    }
}

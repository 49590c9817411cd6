package io.quiver.executor;

import io.quiver.executor.query.Explanation.Way;
import io.quiver.log.record.LogOffset;
import java.util.List;
import java.util.Map;

/**
 * An executor in figures; counters run since it was opened.
 *
 * @param searching search threads that are at work
 * @param searchQueueLength batches and shares that wait for a search thread
 * @param waiters callers that wait for a log offset
 * @param distances exact distances that searches computed
 * @param estimates rows that searches compared with queries by their codes
 * @param partial answers cut short by their deadlines
 * @param cancelled batches given up by their callers
 * @param plans how often a segment was searched for a query in each way
 * @param expectedRecall moving mean of the recall that sampled searches expected, by their segments' calibration
 * @param foundRecall recall of the newest searches that were asked again exactly; {@code expectedRecall} before the
 *     first
 * @param recallSamples searches that were asked again exactly
 * @param pinnedViews views that are held between the queries of one caller
 */
public record ExecutorStats(
        LogOffset applied,
        List<CollectionStats> collections,
        int searchThreads,
        int searching,
        int searchQueueLength,
        int waiters,
        long queries,
        long distances,
        long estimates,
        long partial,
        long cancelled,
        Map<Way, Long> plans,
        double expectedRecall,
        double foundRecall,
        long recallSamples,
        int pinnedViews) {
    public ExecutorStats {
        collections = List.copyOf(collections);
        plans = Map.copyOf(plans);
    }
}

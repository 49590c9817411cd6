package io.quiver.gateway.trace;

import io.quiver.executor.query.Explanation;
import io.quiver.executor.query.FilterShape;
import io.quiver.executor.query.Hits;
import io.quiver.executor.query.Query;
import io.quiver.executor.query.Rank;
import io.quiver.executor.query.SearchEffort;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Tells of queries that take long, a line each: what was asked, without a value that a caller sent, and what it took.
 * Of a request with several queries the line tells of the first, and how many there were.
 *
 * <p>Safe on every thread. No more lines than the settings allow; the next one says how many were kept back.
 */
public final class SlowQueryLog {
    /** What the lines are logged as. */
    public static final String LOGGER = "quiver.slow-query";

    private static final Logger LOG = LoggerFactory.getLogger(LOGGER);
    private static final double MILLI = TimeUnit.MILLISECONDS.toNanos(1);

    private final long thresholdNanos;
    private final LineLimit limit;

    public SlowQueryLog(SlowQuerySettings settings) {
        this.thresholdNanos = settings.linesPerMinute() == 0
                ? Long.MAX_VALUE
                : settings.threshold().toNanos();
        this.limit = new LineLimit(settings.linesPerMinute());
    }

    /** What takes so long in the executor should be explained. */
    public long thresholdNanos() {
        return thresholdNanos;
    }

    /**
     * The executor has answered.
     *
     * @param executorNanos how long it took, the way there and back included
     */
    public void answered(RequestTrace trace, List<Query> queries, List<Hits> hits, long executorNanos) {
        long nanos = trace.parseNanos() + trace.admitNanos() + executorNanos;
        if (nanos < thresholdNanos || queries.isEmpty()) {
            return;
        }
        long keptBack = limit.take(System.nanoTime());
        if (keptBack != LineLimit.REFUSED) {
            log(trace, queries, hits, nanos, keptBack);
        }
    }

    private static void log(RequestTrace trace, List<Query> queries, List<Hits> hits, long nanos, long keptBack) {
        Query query = queries.getFirst();
        LoggingEventBuilder line = LOG.atInfo()
                .addKeyValue("trace_id", trace.traceId())
                .addKeyValue("collection_id", query.collection().toString())
                .addKeyValue("took_ms", nanos / MILLI)
                .addKeyValue("kept_back", keptBack);
        LoggingEventBuilder asked = withQuestion(line, query, queries.size());
        withAnswer(asked, hits.getFirst())
                .addKeyValue("stages_ms", stages(trace, nanos, hits.getFirst().explanation()))
                .log("slow query");
    }

    private static LoggingEventBuilder withQuestion(LoggingEventBuilder begun, Query query, int count) {
        LoggingEventBuilder line =
                begun.addKeyValue("queries", count).addKeyValue("filter", FilterShape.of(query.filter()));
        return switch (query) {
            case Query.Nearest nearest ->
                line.addKeyValue("kind", "nearest")
                        .addKeyValue("k", nearest.k())
                        .addKeyValue("effort", effort(nearest.effort()));
            case Query.Search search ->
                line.addKeyValue("kind", "search")
                        .addKeyValue("k", search.limit())
                        .addKeyValue(
                                "knn_limits",
                                search.knns().stream().map(Rank.Knn::limit).toList());
            case Query.Scan scan -> line.addKeyValue("kind", "scan").addKeyValue("k", scan.limit());
            case Query.Count _ -> line.addKeyValue("kind", "count");
        };
    }

    private static String effort(SearchEffort effort) {
        return switch (effort) {
            case SearchEffort.Default() -> "default";
            case SearchEffort.Ef(int ef) -> "ef " + ef;
            case SearchEffort.TargetRecall(double recall) -> "target_recall " + recall;
        };
    }

    private static LoggingEventBuilder withAnswer(LoggingEventBuilder begun, Hits hits) {
        LoggingEventBuilder line = begun.addKeyValue("offset", hits.offset().value())
                .addKeyValue("hits", hits.size())
                .addKeyValue("partial", hits.partial());
        Explanation how = hits.explanation();
        return how == null
                ? line
                : line.addKeyValue(
                        "plan", how.parts().stream().map(SlowQueryLog::part).toList());
    }

    private static Map<String, Object> part(Explanation.Part part) {
        Map<String, Object> told = new LinkedHashMap<>();
        told.put("segment", part.segment());
        told.put("way", part.way().name().toLowerCase(Locale.ROOT));
        told.put("rows", part.rows());
        told.put("matches", part.matches());
        told.put("ef", part.ef());
        told.put("distances", part.distances());
        told.put("estimates", part.estimates());
        told.put("ms", part.timeNs() / MILLI);
        return told;
    }

    /** Of the executor's stages only those are known that an explanation tells of. */
    private static Map<String, Double> stages(RequestTrace trace, long nanos, @Nullable Explanation how) {
        Map<String, Double> stages = new LinkedHashMap<>();
        stages.put("parse", trace.parseNanos() / MILLI);
        stages.put("admit", trace.admitNanos() / MILLI);
        stages.put("executor", (nanos - trace.parseNanos() - trace.admitNanos()) / MILLI);
        if (how != null) {
            stages.put("queue", how.queuedNs() / MILLI);
            stages.put(
                    "search",
                    how.parts().stream().mapToLong(Explanation.Part::timeNs).sum() / MILLI);
        }
        return stages;
    }
}

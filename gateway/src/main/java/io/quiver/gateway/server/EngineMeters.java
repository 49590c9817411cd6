package io.quiver.gateway.server;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.quiver.compactor.CompactionStats;
import io.quiver.compactor.CompactionStats.Progress;
import io.quiver.compactor.Compactor;
import io.quiver.compactor.Scrubber;
import io.quiver.executor.CollectionStats;
import io.quiver.executor.ExecutorStats;
import io.quiver.executor.LocalExecutor;
import io.quiver.executor.query.Explanation.Way;
import io.quiver.executor.segment.OffHeapBudget;
import io.quiver.flight.FlightMemory;
import io.quiver.log.Log;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/** Figures that log, executor, compactor and memory keep themselves, read when someone looks at the metrics. */
final class EngineMeters implements MeterBinder {
    private final Log log;
    private final LocalExecutor executor;
    private final Compactor compactor;
    private final Scrubber scrubber;
    private final OffHeapBudget budget;
    private final FlightMemory flightMemory;

    EngineMeters(
            Log log,
            LocalExecutor executor,
            Compactor compactor,
            Scrubber scrubber,
            OffHeapBudget budget,
            FlightMemory flightMemory) {
        this.log = log;
        this.executor = executor;
        this.compactor = compactor;
        this.scrubber = scrubber;
        this.budget = budget;
        this.flightMemory = flightMemory;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        bindMemory(registry);
        bindCollections(registry);
        bindWork(registry);
        bindPlans(registry);
        bindRecall(registry);
        bindGraphs(registry);
        bindScrubs(registry);
    }

    private void bindScrubs(MeterRegistry registry) {
        counter(
                registry,
                "quiver.scrub.rounds",
                "Readings of the catalog, the log and all segments that have ended",
                meters -> meters.scrubber.stats().rounds());
        counter(
                registry,
                "quiver.scrub.bytes",
                "Bytes of the catalog, the log and of segments compared with their checksums since the start",
                meters -> meters.scrubber.stats().bytes());
        counter(
                registry,
                "quiver.scrub.damaged",
                "Collections that a reading found damaged",
                meters -> meters.scrubber.stats().damaged());
        counter(
                registry,
                "quiver.scrub.damaged.log",
                "Damaged places of the log that a reading found",
                meters -> meters.scrubber.stats().damagedLog());
    }

    private void bindMemory(MeterRegistry registry) {
        for (OffHeapBudget.Owner owner : OffHeapBudget.Owner.values()) {
            offHeap(registry, owner.name().toLowerCase(Locale.ROOT), () -> budget.bytes(owner));
        }
        offHeap(registry, "flight", flightMemory::usedBytes);
        gauge(
                registry,
                "quiver.offheap.limit.bytes",
                "What segments may hold outside the heap: all owners but flight",
                meters -> meters.budget.limitBytes());
    }

    private static void offHeap(MeterRegistry registry, String owner, java.util.function.Supplier<Number> bytes) {
        Gauge.builder("quiver.offheap.bytes", bytes)
                .description("Memory outside the heap, by who holds it")
                .tag("owner", owner)
                .strongReference(true)
                .register(registry);
    }

    private void bindCollections(MeterRegistry registry) {
        gauge(
                registry,
                "quiver.log.offset",
                "Newest durable entry of the log",
                meters -> meters.log.head().value());
        gauge(
                registry,
                "quiver.log.applied.offset",
                "Newest entry that queries see",
                meters -> meters.stats().applied().value());
        gauge(
                registry,
                "quiver.collection.count",
                "Collections",
                meters -> meters.stats().collections().size());
        gauge(registry, "quiver.record.count", "Records that exist", meters -> meters.sum(CollectionStats::liveCount));
        gauge(
                registry,
                "quiver.segment.count",
                "Sealed segments",
                meters -> meters.sum(CollectionStats::sealedSegments));
        gauge(
                registry,
                "quiver.delta.rows",
                "Rows that are not yet compacted",
                meters -> meters.sum(CollectionStats::deltaRows));
        gauge(
                registry,
                "quiver.compaction.lag.bytes",
                "Bytes that are not yet compacted",
                meters -> meters.sum(CollectionStats::deltaBytes));
        gauge(
                registry,
                "quiver.damaged.collection.count",
                "Collections that cannot be used",
                meters -> meters.executor.damaged().size());
    }

    private void bindWork(MeterRegistry registry) {
        gauge(
                registry,
                "quiver.search.queue.length",
                "Work that waits for a search thread",
                meters -> meters.stats().searchQueueLength());
        gauge(
                registry,
                "quiver.search.threads.busy",
                "Search threads that are at work",
                meters -> meters.stats().searching());
        counter(
                registry,
                "quiver.search.queries",
                "Queries answered",
                meters -> meters.stats().queries());
        counter(
                registry,
                "quiver.search.distances",
                "Exact distances computed",
                meters -> meters.stats().distances());
        counter(
                registry,
                "quiver.search.estimates",
                "Rows compared with queries by their codes",
                meters -> meters.stats().estimates());
        counter(
                registry,
                "quiver.search.partial",
                "Answers cut short by their deadlines",
                meters -> meters.stats().partial());
        counter(
                registry,
                "quiver.search.cancelled",
                "Batches given up by their callers",
                meters -> meters.stats().cancelled());
        counter(
                registry,
                "quiver.compaction.folds",
                "Published manifests",
                meters -> meters.compaction().folds());
        counter(
                registry,
                "quiver.compaction.failures",
                "Folds that failed",
                meters -> meters.compaction().failures());
    }

    private void bindPlans(MeterRegistry registry) {
        for (Way way : Way.values()) {
            FunctionCounter.builder("quiver.search.plans", this, meters -> meters.planned(way))
                    .description("Segments searched for a query, by the way that was chosen")
                    .tag("plan", way.name().toLowerCase(Locale.ROOT))
                    .register(registry);
        }
    }

    private void bindRecall(MeterRegistry registry) {
        gauge(
                registry,
                "quiver.recall.estimate",
                "Recall of the last 200 searches that were asked again exactly; what was expected before the first",
                meters -> meters.stats().foundRecall());
        counter(
                registry,
                "quiver.recall.samples",
                "Searches that were asked again exactly",
                meters -> meters.stats().recallSamples());
        gauge(
                registry,
                "quiver.recall.expected",
                "Recall that searches expect by the calibration of their segments: moving mean of one in 64",
                meters -> meters.stats().expectedRecall());
    }

    private long planned(Way way) {
        return stats().plans().getOrDefault(way, 0L);
    }

    private void bindGraphs(MeterRegistry registry) {
        gauge(
                registry,
                "quiver.graph.waiting.count",
                "Segments that are to get a graph and merges of some that have one",
                meters -> meters.graphs().waiting());
        gauge(
                registry,
                "quiver.merge.waiting.count",
                "Collections whose segments are merged because nobody writes, now or after a minute more without writes",
                meters -> meters.graphs().resting());
        gauge(
                registry,
                "quiver.graph.build.rows.done",
                "Rows that the build under way has linked; 0 where there is none",
                meters -> meters.building(Progress::rowsDone));
        gauge(
                registry,
                "quiver.graph.build.rows.wanted",
                "Rows that the build under way is to link",
                meters -> meters.building(Progress::rowsTotal));
        counter(
                registry,
                "quiver.graph.built",
                "Graphs built and published",
                meters -> meters.graphs().built());
        counter(
                registry,
                "quiver.graph.merged",
                "Graphs built for what others were merged into",
                meters -> meters.graphs().merged());
        counter(
                registry,
                "quiver.graph.joined",
                "Graphs made of an older one, not from nothing",
                meters -> meters.graphs().joined());
        counter(
                registry,
                "quiver.graph.recall.refused",
                "Graphs not used because their recall was too low",
                meters -> meters.graphs().refused());
        counter(
                registry,
                "quiver.graph.failures",
                "Builds of graphs that failed",
                meters -> meters.graphs().failures());
    }

    private CompactionStats.Graphs graphs() {
        return compactor.stats().graphs();
    }

    private long building(ToLongFunction<Progress> figure) {
        Progress running = graphs().running();
        return running == null ? 0 : figure.applyAsLong(running);
    }

    private void gauge(MeterRegistry registry, String name, String description, ToDoubleFunction<EngineMeters> value) {
        Gauge.builder(name, this, value)
                .description(description)
                .strongReference(true)
                .register(registry);
    }

    private void counter(
            MeterRegistry registry, String name, String description, ToDoubleFunction<EngineMeters> value) {
        FunctionCounter.builder(name, this, value).description(description).register(registry);
    }

    private long sum(ToLongFunction<CollectionStats> figure) {
        return stats().collections().stream().mapToLong(figure).sum();
    }

    private ExecutorStats stats() {
        return executor.stats();
    }

    private CompactionStats compaction() {
        return compactor.stats();
    }
}

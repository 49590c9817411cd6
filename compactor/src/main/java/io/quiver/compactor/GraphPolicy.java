package io.quiver.compactor;

import io.quiver.executor.CollectionDebt;
import io.quiver.executor.CollectionDebt.SegmentLoad;
import io.quiver.log.record.CollectionId;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which segment gets its graph next, and which segments that have one are merged. The largest segment comes first: it
 * costs most to scan, and is the last to be merged away. For one thread.
 */
final class GraphPolicy {
    private final GraphSettings settings;
    private final TierPolicy tiers;

    /** What was refused since the start; of segments that are published, the next start learns it from their files. */
    private final Set<String> refused = new HashSet<>();

    GraphPolicy(GraphSettings settings, TierPolicy tiers) {
        this.settings = settings;
        this.tiers = tiers;
    }

    /** None of these segments is to be tried again. */
    void refuse(GraphTask task) {
        refused.addAll(task.segments());
    }

    /** Forgets what is gone. */
    void retain(List<CollectionDebt> debts) {
        refused.retainAll(debts.stream()
                .flatMap(debt -> debt.segments().stream())
                .map(SegmentLoad::name)
                .collect(Collectors.toSet()));
    }

    /** Builds and merges that are to be done. */
    int waiting(List<CollectionDebt> debts) {
        return (int) debts.stream()
                .flatMap(debt -> Stream.concat(builds(debt), merge(debt)))
                .count();
    }

    Optional<GraphTask> nextBuild(List<CollectionDebt> debts, Predicate<CollectionId> isPaused) {
        return debts.stream()
                .filter(debt -> !isPaused.test(debt.collection()))
                .flatMap(this::builds)
                .max(Comparator.comparingLong(GraphTask::rows));
    }

    /** The smallest: it brings as much as another, and is done soonest. */
    Optional<GraphTask> nextMerge(List<CollectionDebt> debts, Predicate<CollectionId> isPaused) {
        return debts.stream()
                .filter(debt -> !isPaused.test(debt.collection()))
                .flatMap(this::merge)
                .min(Comparator.comparingLong(GraphTask::rows));
    }

    /** Whether a segment may be merged whenever it helps: it has its graph, or is too small for one. */
    boolean isSettled(SegmentLoad load, int dimension) {
        return !refused.contains(load.name()) && (load.hasGraph() || load.rowCount() < settings.rowsMin(dimension));
    }

    boolean isBuilding(CollectionDebt debt) {
        return builds(debt).findAny().isPresent();
    }

    private Stream<GraphTask> builds(CollectionDebt debt) {
        return debt.segments().stream()
                .filter(load -> needsGraph(load, debt.dimension()))
                .map(load -> new GraphTask.Build(debt.collection(), load.name(), load.rowCount()));
    }

    private boolean needsGraph(SegmentLoad load, int dimension) {
        return !load.hasGraph()
                && load.rowCount() >= settings.rowsMin(dimension)
                && load.graphRecallMax() >= settings.recallFloor()
                && !refused.contains(load.name());
    }

    private Stream<GraphTask> merge(CollectionDebt debt) {
        List<SegmentLoad> loads = debt.segments().stream()
                .filter(load -> !refused.contains(load.name()))
                .toList();
        BitSet chosen =
                tiers.chooseToMerge(loads.stream().map(SegmentSize::published).toList());
        return chosen.isEmpty()
                ? Stream.empty()
                : Stream.of(merge(
                        debt.collection(), chosen.stream().mapToObj(loads::get).toList()));
    }

    private static GraphTask merge(CollectionId collection, List<SegmentLoad> sources) {
        return new GraphTask.Merge(
                collection,
                sources.stream().map(SegmentLoad::name).collect(Collectors.toSet()),
                sources.stream()
                        .mapToLong(load -> load.rowCount() - load.deletedCount())
                        .sum(),
                GraphTask.Occasion.DUE);
    }
}

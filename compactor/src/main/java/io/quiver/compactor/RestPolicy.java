package io.quiver.compactor;

import io.quiver.compactor.GraphTask.Occasion;
import io.quiver.executor.CollectionDebt;
import io.quiver.executor.CollectionDebt.SegmentLoad;
import io.quiver.log.record.CollectionId;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Which segments of a collection become one because nobody writes to it.
 *
 * <p>Tiers bound what writes cost, and leave a few segments of each size; every search pays for each of them. Where
 * nobody writes, they may as well be one. Such a merge writes all rows again to spare searches those that are not in
 * the largest segment, so the rest that it waits for is longer by that factor: a million rows in segments of about one
 * size are merged after some seconds, a thousand beside a million after hours. So the rows that are written for the
 * sake of searches stay in proportion to those that came in, however often writes pause.
 *
 * <p>Who asks for it does not wait. Any thread asks; one thread chooses.
 */
final class RestPolicy {
    /** Merges that need a longer rest than this are not waited for. */
    private static final Duration SOON = Duration.ofMinutes(1);

    private final CompactorSettings settings;
    private final GraphPolicy graphs;
    private final Set<CollectionId> asked = ConcurrentHashMap.newKeySet();

    /** Names of segments that were merged in vain. */
    private final Set<Set<String>> refused = ConcurrentHashMap.newKeySet();

    RestPolicy(CompactorSettings settings, GraphPolicy graphs) {
        this.settings = settings;
        this.graphs = graphs;
    }

    private boolean isOn() {
        return !settings.restBeforeMerge().isZero();
    }

    /** Wants the segments of a collection merged as soon as their graphs are there, whether it is at rest or not. */
    void ask(CollectionId collection) {
        if (isOn()) {
            asked.add(collection);
        }
    }

    /** Has been tried. */
    void ended(CollectionId collection) {
        asked.remove(collection);
    }

    /** These segments are not to be merged into one again, only for searches. */
    void refuse(GraphTask.Merge merge) {
        refused.add(merge.segments());
    }

    /** Forgets what is gone, or has nothing left to merge. */
    void retain(List<CollectionDebt> debts) {
        Set<String> names = debts.stream()
                .flatMap(debt -> debt.segments().stream())
                .map(SegmentLoad::name)
                .collect(Collectors.toSet());
        refused.removeIf(merged -> !names.containsAll(merged));
        asked.retainAll(debts.stream()
                .filter(debt ->
                        graphs.isBuilding(debt) || groups(debt).findAny().isPresent())
                .map(CollectionDebt::collection)
                .collect(Collectors.toSet()));
    }

    /** Collections of which segments are to be merged now, or would be after a minute more without writes. */
    int waiting(List<CollectionDebt> debts, Predicate<CollectionId> isPaused) {
        return (int) debts.stream()
                .filter(debt -> !isPaused.test(debt.collection()))
                .filter(debt -> asked.contains(debt.collection())
                        || group(debt, debt.unwrittenFor().plus(SOON)).isPresent())
                .count();
    }

    /** The next one, the smallest first. */
    Optional<GraphTask> next(List<CollectionDebt> debts, Predicate<CollectionId> isPaused) {
        boolean isFolding = debts.stream().anyMatch(debt -> debt.waitingDeltas() > 0);
        return debts.stream()
                .filter(debt -> !isPaused.test(debt.collection()))
                .flatMap(debt -> (asked.contains(debt.collection()) ? wanted(debt) : resting(debt, isFolding)).stream())
                .min(Comparator.comparingLong(GraphTask::rows));
    }

    private Optional<GraphTask> wanted(CollectionDebt debt) {
        return graphs.isBuilding(debt)
                ? Optional.empty()
                : groups(debt).findFirst().map(group -> merge(debt, group, Occasion.ASKED));
    }

    private Optional<GraphTask> resting(CollectionDebt debt, boolean isFolding) {
        return isFolding || debt.hasUnfolded()
                ? Optional.empty()
                : group(debt, debt.unwrittenFor()).map(group -> merge(debt, group, Occasion.REST));
    }

    /** The largest group that such a rest is long enough for. */
    private Optional<List<SegmentLoad>> group(CollectionDebt debt, Duration rest) {
        return groups(debt).filter(group -> restFor(group).compareTo(rest) <= 0).findFirst();
    }

    /** What may be merged: some segment and all that are smaller, the largest group first. */
    private Stream<List<SegmentLoad>> groups(CollectionDebt debt) {
        List<SegmentLoad> largestFirst = debt.segments().stream()
                .filter(load -> isOn() && graphs.isSettled(load, debt.dimension()))
                .sorted(Comparator.comparingInt(SegmentLoad::liveCount).reversed())
                .toList();
        return IntStream.range(0, largestFirst.size() - 1)
                .mapToObj(first -> largestFirst.subList(first, largestFirst.size()))
                .filter(group -> rows(group) <= settings.mergeRowsMax() && !refused.contains(names(group)));
    }

    private Duration restFor(List<SegmentLoad> group) {
        double written = rows(group);
        double spared = Math.max(1, written - group.getFirst().liveCount());
        return Duration.ofNanos((long) (settings.restBeforeMerge().toNanos() * (written / spared)));
    }

    private static Set<String> names(List<SegmentLoad> group) {
        return group.stream().map(SegmentLoad::name).collect(Collectors.toSet());
    }

    private static long rows(List<SegmentLoad> group) {
        return group.stream().mapToLong(SegmentLoad::liveCount).sum();
    }

    private static GraphTask merge(CollectionDebt debt, List<SegmentLoad> group, Occasion occasion) {
        return new GraphTask.Merge(debt.collection(), names(group), rows(group), occasion);
    }
}

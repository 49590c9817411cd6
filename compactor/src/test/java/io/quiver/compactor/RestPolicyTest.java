package io.quiver.compactor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quiver.compactor.GraphTask.Occasion;
import io.quiver.executor.CollectionDebt;
import io.quiver.executor.CollectionDebt.SegmentLoad;
import io.quiver.log.record.CollectionId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is merged because nobody writes: much soon, little late, nothing while there is something else to do. */
class RestPolicyTest {
    private static final CompactorSettings SETTINGS = CompactorSettings.DEFAULT;
    private static final int DIMENSION = 128;

    private final CollectionId arrows = CollectionId.random();
    private final GraphPolicy graphs = new GraphPolicy(SETTINGS.graphs(), new TierPolicy(SETTINGS));
    private final RestPolicy policy = new RestPolicy(SETTINGS, graphs);

    private static SegmentLoad load(int number, int rows) {
        return new SegmentLoad(
                "s" + number, rows, 0, 0, rows >= SETTINGS.graphs().rowsMin(), 1);
    }

    private CollectionDebt debt(long restSeconds, int... rows) {
        return debt(restSeconds, false, rows);
    }

    private CollectionDebt debt(long restSeconds, boolean hasUnfolded, int... rows) {
        List<SegmentLoad> loads =
                IntStream.range(0, rows.length).mapToObj(i -> load(i, rows[i])).toList();
        return new CollectionDebt(
                arrows, DIMENSION, 0, 0, Duration.ZERO, Duration.ofSeconds(restSeconds), hasUnfolded, loads);
    }

    private Optional<GraphTask> next(CollectionDebt debt) {
        return policy.next(List.of(debt), _ -> false);
    }

    private static Set<String> names(int... numbers) {
        return IntStream.of(numbers).mapToObj(number -> "s" + number).collect(Collectors.toSet());
    }

    @Test
    void aMillionRowsInSevenSegmentsBecomeOneSegmentAfterSomeSeconds() {
        int[] seven = {260_000, 130_000, 325_000, 100_000, 100_000, 60_000, 25_000};
        assertEquals(Optional.empty(), next(debt(9, seven)));
        Optional<GraphTask> merge = next(debt(15, seven));
        assertEquals(
                Optional.of(new GraphTask.Merge(arrows, names(0, 1, 2, 3, 4, 5, 6), 1_000_000, Occasion.REST)), merge);
    }

    /** A thousand rows a minute would otherwise have a million written again every minute. */
    @Test
    void aFewRowsBesideManyWaitForAsMuchLonger() {
        assertEquals(Optional.empty(), next(debt(3_600, 1_000_000, 1_000)));
        assertEquals(
                names(0, 1),
                next(debt(3 * 3_600, 1_000_000, 1_000)).orElseThrow().segments());
        assertEquals(
                names(1, 2),
                next(debt(60, 1_000_000, 1_000, 1_000)).orElseThrow().segments());
    }

    @Test
    void oneSegmentIsLeftAloneAndSoAreThoseThatWouldBecomeTooLarge() {
        assertEquals(Optional.empty(), next(debt(1_000_000, 500_000)));
        assertEquals(Optional.empty(), next(debt(1_000_000)));
        assertEquals(Optional.empty(), next(debt(1_000_000, 3_000_000, 2_500_000)));
        Optional<GraphTask> fitting = next(debt(1_000_000, 3_000_000, 2_500_000, 2_000_000));
        assertEquals(names(1, 2), fitting.orElseThrow().segments());
    }

    @Test
    void whatIsNotFoldedOrHasNoGraphYetComesFirst() {
        assertEquals(Optional.empty(), next(debt(1_000, true, 30_000, 30_000)));
        List<SegmentLoad> unbuilt =
                List.of(load(0, 30_000), new SegmentLoad("s1", 30_000, 0, 0, false, 1), load(2, 900));
        CollectionDebt building =
                new CollectionDebt(arrows, DIMENSION, 0, 0, Duration.ZERO, Duration.ofHours(9), false, unbuilt);
        assertEquals(names(0, 2), next(building).orElseThrow().segments());
        List<CollectionDebt> debts = new ArrayList<>(List.of(debt(1_000, 30_000, 30_000)));
        debts.add(new CollectionDebt(
                CollectionId.random(), DIMENSION, 1, 10, Duration.ZERO, Duration.ZERO, true, List.of()));
        assertEquals(Optional.empty(), policy.next(debts, _ -> false), "another collection waits to be folded");
    }

    @Test
    void whoAsksDoesNotWaitForRest() {
        CollectionDebt busy = debt(0, true, 1_000_000, 1_000);
        policy.ask(arrows);
        policy.retain(List.of(busy));
        assertEquals(1, policy.waiting(List.of(busy), _ -> false));
        assertEquals(Optional.of(new GraphTask.Merge(arrows, names(0, 1), 1_001_000, Occasion.ASKED)), next(busy));
        policy.ended(arrows);
        assertEquals(Optional.empty(), next(busy));
    }

    @Test
    void whoAsksForWhatIsOneSegmentAlreadyIsForgotten() {
        policy.ask(arrows);
        policy.retain(List.of(debt(0, 1_000)));
        assertEquals(Optional.empty(), next(debt(0, 1_000, 1_000)));
    }

    @Test
    void whatWasMergedInVainIsNotTriedAgainUntilItsSegmentsAreOthers() {
        CollectionDebt two = debt(1_000, 30_000, 30_000);
        policy.refuse(new GraphTask.Merge(arrows, names(0, 1), 60_000, Occasion.REST));
        policy.retain(List.of(two));
        assertEquals(Optional.empty(), next(two));
        assertEquals(0, policy.waiting(List.of(two), _ -> false));
        assertEquals(
                names(0, 1, 2),
                next(debt(1_000, 30_000, 30_000, 900)).orElseThrow().segments());
        policy.retain(List.of(debt(1_000, 30_000)));
        assertEquals(names(0, 1), next(two).orElseThrow().segments());
    }

    /** So that whoever waits until nothing is left to do does not wait for hours. */
    @Test
    void onlyWhatAMinuteOfRestIsEnoughForIsWaitedFor() {
        assertEquals(1, policy.waiting(List.of(debt(0, 30_000, 30_000)), _ -> false));
        assertEquals(0, policy.waiting(List.of(debt(0, 1_000_000, 1_000)), _ -> false));
        assertEquals(0, policy.waiting(List.of(debt(0, 30_000, 30_000)), _ -> true));
        assertEquals(0, policy.waiting(List.of(debt(0, 30_000)), _ -> false));
    }

    /**
     * However writes and pauses come: what is written for searches stays in proportion to what came in and to the time.
     */
    @Test
    void aSteadyTrickleIsNotWrittenAgainAndAgain() {
        long written = 0;
        int large = 1_000_000;
        int small = 0;
        for (int burst = 0; burst < 200; burst++) {
            small += 1_000;
            Optional<GraphTask> merge = next(debt(60, large, small));
            if (merge.isPresent()) {
                written += merge.get().rows();
                large += small;
                small = 0;
            }
        }
        assertEquals(1_200_000, written, "200,000 rows came in, and were merged once, when they were a sixth");
    }
}

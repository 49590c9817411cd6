package io.quiver.compactor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class TierPolicyTest {
    /** Four segments of a size become one; up to 16 rows count as one size. */
    private final TierPolicy policy = new TierPolicy(CompactorFixture.SMALL);

    @Test
    void leavesFewSegmentsAlone() {
        assertEquals(List.of(), chosen(16, full(10), full(60), full(1_000)));
    }

    @Test
    void mergesAFullTierWithWhatIsWrittenAnyway() {
        assertEquals(List.of(0, 2, 3), chosen(16, full(10), full(60), full(16), full(3)));
    }

    @Test
    void whatHasBeenMergedMayFillTheNextTier() {
        assertEquals(List.of(0, 1, 2, 3, 4, 5), chosen(16, full(16), full(16), full(16), full(60), full(50), full(40)));
    }

    @Test
    void mergesWithoutFreshRowsToo() {
        assertEquals(List.of(0, 1, 2, 3), chosen(0, full(10), full(10), full(10), full(10)));
        assertEquals(List.of(), chosen(0, full(10), full(10), full(10)));
    }

    @Test
    void writesAgainWhatHasEndedTooMuch() {
        assertEquals(List.of(1), chosen(0, sized(100, 30), sized(100, 31), full(2_000)));
    }

    @Test
    void mergesLargeSegmentsNoFurther() {
        SegmentSize large = full(1_000_001);
        assertEquals(List.of(), chosen(1_000_000, large, large, large, large, large));
    }

    @Test
    void foldsNoSegmentThatHasAGraphAndMergesNoOther() {
        List<SegmentSize> segments =
                List.of(graph(100, 0), full(100), graph(100, 0), full(100), graph(100, 0), graph(100, 0), full(100));
        assertEquals(
                List.of(), policy.chooseToFold(segments, 0).stream().boxed().toList());
        assertEquals(
                List.of(1, 3, 6),
                policy.chooseToFold(segments, 100).stream().boxed().toList());
        assertEquals(
                List.of(0, 2, 4, 5),
                policy.chooseToMerge(segments).stream().boxed().toList());
        assertEquals(List.of(), chosen(0, graph(100, 99)));
    }

    @Test
    void aRowIsWrittenOnceATier() {
        List<SegmentSize> segments = new ArrayList<>();
        long written = 0;
        int deltas = 4_096;
        for (int i = 0; i < deltas; i++) {
            BitSet chosen = policy.chooseToFold(segments, 16);
            long rows = 16
                    + chosen.stream()
                            .mapToLong(at -> segments.get(at).liveCount())
                            .sum();
            for (int at = segments.size() - 1; at >= 0; at--) {
                if (chosen.get(at)) {
                    segments.remove(at);
                }
            }
            segments.add(full((int) rows));
            written += rows;
            assertTrue(segments.size() <= 3 * 7, "too many segments: " + segments);
        }
        double perRow = (double) written / (16 * deltas);
        assertTrue(perRow <= 7, "each row was written %.1f times".formatted(perRow));
    }

    private static SegmentSize full(int rows) {
        return sized(rows, 0);
    }

    private static SegmentSize sized(int rows, int ended) {
        return new SegmentSize(rows, ended, false);
    }

    private static SegmentSize graph(int rows, int ended) {
        return new SegmentSize(rows, ended, true);
    }

    private List<Integer> chosen(long freshRows, SegmentSize... segments) {
        return policy.chooseToFold(List.of(segments), freshRows).stream()
                .boxed()
                .toList();
    }
}

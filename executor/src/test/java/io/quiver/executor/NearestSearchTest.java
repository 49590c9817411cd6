package io.quiver.executor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.executor.filter.DeltaFilterIndex;
import io.quiver.executor.index.Metric;
import io.quiver.executor.index.RowRange;
import io.quiver.executor.index.RowSearch;
import io.quiver.executor.index.Seeds;
import io.quiver.executor.index.VectorIndex;
import io.quiver.executor.query.Filter;
import io.quiver.executor.query.Hits;
import io.quiver.executor.query.SearchEffort;
import io.quiver.executor.query.StageListener;
import io.quiver.executor.segment.DeltaSegment;
import io.quiver.executor.segment.OffHeapBudget;
import io.quiver.executor.segment.Segment;
import io.quiver.log.record.CollectionId;
import io.quiver.log.record.Embedding;
import io.quiver.log.record.LogOffset;
import io.quiver.log.record.Metadata;
import io.quiver.log.record.VectorRecord;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How a batch is divided among threads. */
class NearestSearchTest {
    private static final int DIMENSION = 128;
    private static final int ROWS = 3_000;

    private final Random random = Seeds.random("NearestSearchTest");
    private final DeltaSegment segment = new DeltaSegment(
            "delta", Metric.SQUARED_L2, DIMENSION, ROWS, 1L << 30, new OffHeapBudget(1L << 30), DeltaFilterIndex::new);
    private final Undivided index = new Undivided(segment.index());
    private final SearchPool pool = new SearchPool(2, 100);

    NearestSearchTest() {
        for (int row = 0; row < ROWS; row++) {
            segment.append(
                    new VectorRecord(
                            "r" + row, Embedding.of(Seeds.embedding(random, DIMENSION)), null, null, Metadata.EMPTY),
                    row,
                    new LogOffset(1));
        }
    }

    @AfterEach
    void close() {
        pool.close();
        segment.release();
    }

    @Test
    void queriesAreDividedWhereRowsCannotBe() {
        List<AskedNearest> asked = asked(37);
        List<Hits> divided = search(undivided(), asked);
        assertTrue(index.batches.size() > 1, "batches: " + index.batches);
        assertTrue(index.batches.stream().allMatch(size -> size >= 4), "batches: " + index.batches);
        assertEquals(37, index.batches.stream().mapToInt(size -> size).sum());
        List<Hits> whole = search(segment, asked);
        for (int i = 0; i < asked.size(); i++) {
            assertEquals(whole.get(i).ids(), divided.get(i).ids());
        }
    }

    @Test
    void fewQueriesStayTogether() {
        search(undivided(), asked(7));
        assertEquals(List.of(7), List.copyOf(index.batches));
    }

    private List<Hits> search(Segment searched, List<AskedNearest> asked) {
        ViewPart part = ViewPart.delta(searched, ROWS, new LogOffset(1));
        CollectionView view = new CollectionView(new LogOffset(1), List.of(part), ROWS, () -> {});
        Candidates all = Candidates.of(Filter.ALL, view, pool, () -> false);
        return new NearestSearch(view, all, pool, new SearchCounters(StageListener.NONE, RecallSampling.NONE))
                .answer(asked);
    }

    private List<AskedNearest> asked(int count) {
        List<AskedNearest> asked = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            var query = ExecutorFixture.nearest(CollectionId.random(), 5, Seeds.embedding(random, DIMENSION));
            QueryClock clock = new QueryClock(new Cancellation(), query.deadline());
            asked.add(AskedNearest.of(new Asked(i, query, clock), query, SearchEffort.DEFAULT));
        }
        return asked;
    }

    /** The same segment with an index that has one range. */
    private Segment undivided() {
        return (Segment) Proxy.newProxyInstance(
                Segment.class.getClassLoader(),
                new Class<?>[] {Segment.class},
                (_, method, arguments) -> method.getName().equals("index") ? index : method.invoke(segment, arguments));
    }

    /** Notes how many searches come together. */
    private static final class Undivided implements VectorIndex {
        private final VectorIndex rows;
        private final Queue<Integer> batches = new ConcurrentLinkedQueue<>();

        Undivided(VectorIndex rows) {
            this.rows = rows;
        }

        @Override
        public Metric metric() {
            return rows.metric();
        }

        @Override
        public int dimension() {
            return rows.dimension();
        }

        @Override
        public List<RowRange> divide(int rowCount, int parts) {
            return List.of(new RowRange(0, rowCount));
        }

        @Override
        public void search(List<RowSearch> searches, RowRange range) {
            batches.add(searches.size());
            rows.search(searches, range);
        }
    }
}

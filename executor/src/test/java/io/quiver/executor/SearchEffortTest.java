package io.quiver.executor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.quiver.executor.index.ChunkedRows;
import io.quiver.executor.index.FlatIndex;
import io.quiver.executor.index.Metric;
import io.quiver.executor.index.RecallCurve;
import io.quiver.executor.index.RowSearch;
import io.quiver.executor.index.plan.PlannedIndex;
import io.quiver.executor.query.Consistency;
import io.quiver.executor.query.Deadline;
import io.quiver.executor.query.Explanation;
import io.quiver.executor.query.Filter;
import io.quiver.executor.query.Hits;
import io.quiver.executor.query.Projection;
import io.quiver.executor.query.Query;
import io.quiver.executor.query.SearchEffort;
import io.quiver.log.catalog.CollectionChange;
import io.quiver.log.catalog.ConfigurationJson;
import io.quiver.log.catalog.IndexParameters;
import io.quiver.log.record.CollectionId;
import io.quiver.log.record.Embedding;
import io.quiver.log.record.QuiverException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SearchEffortTest {
    private static final RecallCurve CURVE =
            new RecallCurve(10, new int[] {10, 100, 1000}, new float[] {0.5f, 0.9f, 0.99f});

    private static final PlannedIndex INDEX = planned().withRecallFloor(0.95);

    @TempDir
    Path directory;

    @Test
    void theEffortOfAQueryBecomesABeamWidth() {
        assertEquals(77, ef(SearchEffort.DEFAULT, new SearchEffort.Ef(77)));
        assertEquals(200, ef(new SearchEffort.Ef(200), new SearchEffort.Ef(77)));
        assertEquals(CURVE.efFor(0.9, 10), ef(new SearchEffort.TargetRecall(0.9), SearchEffort.DEFAULT));
        assertEquals(RowSearch.EXACT, ef(new SearchEffort.TargetRecall(1), SearchEffort.DEFAULT));
    }

    @Test
    void aQueryThatAsksForNothingHasTheRecallThatWasPromised() {
        int ef = ef(SearchEffort.DEFAULT, SearchEffort.DEFAULT);
        assertEquals(CURVE.efFor(0.95, 10), ef);
        assertTrue(ef > RowSearch.EF_DEFAULT);
        assertEquals(RowSearch.EF_DEFAULT, planned().withRecallFloor(0.5).usualEf(10));
        assertTrue(INDEX.usualEf(100) > INDEX.usualEf(10), "more hits are harder to find");
    }

    @Test
    void theConfiguredBeamCountsUnlessItIsTheOneThatIsAlwaysThere() throws Exception {
        try (ExecutorFixture fixture = ExecutorFixture.open(directory, ExecutorSettings.DEFAULT)) {
            CollectionId id = fixture.create("arrows");
            assertEquals(SearchEffort.DEFAULT, UsualEffort.of(fixture.collection(id)));
            configure(fixture, id, 333);
            assertEquals(new SearchEffort.Ef(333), UsualEffort.of(fixture.collection(id)));
            configure(fixture, id, 1_000_000);
            assertEquals(new SearchEffort.Ef(RecallCurve.EF_MAX), UsualEffort.of(fixture.collection(id)));
            configure(fixture, id, IndexParameters.Hnsw.DEFAULT.efSearch());
            assertEquals(SearchEffort.DEFAULT, UsualEffort.of(fixture.collection(id)));
        }
    }

    @Test
    void anEffortIsCheckedWhenItIsMade() {
        assertThrows(IllegalArgumentException.class, () -> new SearchEffort.Ef(0));
        assertThrows(IllegalArgumentException.class, () -> new SearchEffort.Ef(SearchEffort.Ef.EF_MAX + 1));
        assertThrows(IllegalArgumentException.class, () -> new SearchEffort.TargetRecall(0));
        assertThrows(IllegalArgumentException.class, () -> new SearchEffort.TargetRecall(Double.NaN));
        assertThrows(QuiverException.class, () -> SearchEffort.of(1, 0.5));
        assertEquals(SearchEffort.DEFAULT, SearchEffort.of(null, null));
    }

    @Test
    void anAnswerSaysNothingOfHowItWasFoundUnlessAsked() throws Exception {
        try (ExecutorFixture fixture = ExecutorFixture.open(directory, ExecutorSettings.DEFAULT)) {
            CollectionId id = threeRecords(fixture);
            Hits hits = fixture.one(ExecutorFixture.nearest(id, 2, 0, 0));
            assertNull(hits.estimatedRecall());
            assertNull(hits.explanation());
        }
    }

    @Test
    void anExplanationCountsWhatWasDone() throws Exception {
        try (ExecutorFixture fixture = ExecutorFixture.open(directory, ExecutorSettings.DEFAULT)) {
            CollectionId id = threeRecords(fixture);
            long before = fixture.executor.stats().distances();
            Hits hits = fixture.one(ExecutorFixture.nearest(id, 2, 0, 0).explained());
            assertEquals(1f, hits.estimatedRecall());
            Explanation.Part part =
                    Objects.requireNonNull(hits.explanation()).parts().getFirst();
            assertEquals(Explanation.Way.SCAN, part.way());
            assertEquals(List.of(3L, 3L, 3L), List.of(part.rows(), part.matches(), part.distances()));
            assertEquals(2, part.hits());
            assertEquals(3, fixture.executor.stats().distances() - before);
        }
    }

    @Test
    void aFilterShowsInTheExplanation() throws Exception {
        try (ExecutorFixture fixture = ExecutorFixture.open(directory, ExecutorSettings.DEFAULT)) {
            CollectionId id = threeRecords(fixture);
            Hits hits = fixture.one(ExecutorFixture.nearest(id, 5, ExecutorFixture.ids("a", "c"), 0, 0)
                    .explained());
            Explanation.Part part =
                    Objects.requireNonNull(hits.explanation()).parts().getFirst();
            assertEquals(Explanation.Way.SCAN_MATCHES, part.way());
            assertEquals(2, part.matches());
            assertEquals(2.0 / 3, part.selectivity());
        }
    }

    private static void configure(ExecutorFixture fixture, CollectionId id, int efSearch) throws IOException {
        String change = "{\"hnsw\":{\"ef_search\":%d}}".formatted(efSearch);
        fixture.catalog
                .changeCollection(
                        id,
                        new CollectionChange(
                                null, null, ConfigurationJson.readChange(new ObjectMapper().readTree(change))))
                .block();
    }

    private static CollectionId threeRecords(ExecutorFixture fixture) {
        CollectionId id = fixture.create("arrows");
        fixture.write(
                id, ExecutorFixture.add("a", 1, 1), ExecutorFixture.add("b", 2, 2), ExecutorFixture.add("c", 3, 3));
        return id;
    }

    /** Of no rows: it is asked what it would do. */
    private static PlannedIndex planned() {
        FlatIndex none = new FlatIndex(Metric.SQUARED_L2, new ChunkedRows(Arena.ofAuto(), new float[0][], 2, 1, 0));
        return new PlannedIndex(none, none, 0, CURVE);
    }

    private static int ef(SearchEffort effort, SearchEffort usual) {
        Query.Nearest query = new Query.Nearest(
                        CollectionId.random(),
                        Embedding.of(1, 2),
                        10,
                        Filter.ALL,
                        Projection.IDS,
                        Consistency.STRONG,
                        Deadline.after(Duration.ofMinutes(1)))
                .withEffort(effort);
        QueryClock clock = new QueryClock(new Cancellation(), query.deadline());
        return AskedNearest.of(new Asked(0, query, clock), query, usual).ef(INDEX);
    }
}

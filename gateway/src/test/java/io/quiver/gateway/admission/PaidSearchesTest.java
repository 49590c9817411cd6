package io.quiver.gateway.admission;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quiver.executor.query.Consistency;
import io.quiver.executor.query.Deadline;
import io.quiver.executor.query.Filter;
import io.quiver.executor.query.Hits;
import io.quiver.executor.query.Projection;
import io.quiver.executor.query.Query;
import io.quiver.executor.query.SearchEffort;
import io.quiver.log.catalog.Collection;
import io.quiver.log.catalog.Database;
import io.quiver.log.catalog.NewCollection;
import io.quiver.log.catalog.SqliteCatalog;
import io.quiver.log.catalog.Tenant;
import io.quiver.log.record.Embedding;
import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.LogOffset;
import io.quiver.log.record.QuiverException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;

class PaidSearchesTest {
    /** Nothing to speak of flows in during a test. */
    private static final Rate RATE = new Rate(1_000, 1_000_000);

    @TempDir
    Path directory;

    private final AtomicLong clock = new AtomicLong();
    private final List<Allowance> shown = new ArrayList<>();
    private SqliteCatalog catalog;
    private Admission admission;
    private PaidSearches searches;
    private Query.Nearest query;

    /** Lets the clock go on for as long as the search takes. */
    private final class TimedAnswers implements AnswersAlone {
        private final Duration time;
        private final boolean fails;

        TimedAnswers(Duration time, boolean fails) {
            this.time = time;
            this.fails = fails;
        }

        @Override
        public Mono<List<Hits>> execute(List<Query> queries) {
            return Mono.fromSupplier(() -> {
                clock.addAndGet(time.toNanos());
                if (fails) {
                    throw new QuiverException(ErrorCode.UNAVAILABLE, "it is broken");
                }
                return List.of(Hits.counted(LogOffset.NONE, 0));
            });
        }
    }

    @BeforeEach
    void open() throws IOException {
        catalog = SqliteCatalog.open(directory);
        Collection collection = Objects.requireNonNull(catalog.createCollection(
                        NewCollection.read(Tenant.DEFAULT, Database.DEFAULT, "things", null, null, null), false)
                .block());
        admission = Admission.create(
                new AdmissionSettings(
                        Map.of(OperationKind.SEARCH, RATE),
                        Map.of("free", Map.of(OperationKind.SEARCH, Rate.UNLIMITED)),
                        10,
                        0),
                new SimpleMeterRegistry(),
                clock::get);
        searches = new PaidSearches(admission, catalog, clock::get);
        query = new Query.Nearest(
                collection.id(),
                Embedding.of(new float[768]),
                10,
                Filter.ALL,
                Projection.IDS,
                Consistency.STRONG,
                Deadline.after(Duration.ofSeconds(1)));
    }

    @AfterEach
    void close() {
        catalog.close();
    }

    private void search(String tenant, Duration time, boolean fails) {
        searches.execute(tenant, List.of(query), new TimedAnswers(time, fails), shown::add)
                .block();
    }

    private double left() {
        var granted = admission.admit("acme", OperationKind.SEARCH, 0);
        return Objects.requireNonNull(granted.allowance()).remaining();
    }

    @Test
    void takesWhatASearchHasCostAndNotWhatItWasExpectedTo() {
        search("acme", Duration.ofMillis(300), false);
        assertEquals(700_000, left(), 1_000, "300 ms are 300,000 units");
        assertTrue(shown.getFirst().remaining() > 900_000, "it was expected to cost much less");
        search("acme", Duration.ofMillis(1), false);
        assertEquals(699_000, left(), 1_000, "it was expected to cost more, by the one before");
    }

    /** Else the next request of a quick caller would be let in by what the one before had not cost yet. */
    @Test
    void hasTakenItWhenTheAnswerComes() {
        Double left = searches.execute(
                        "acme", List.of(query), new TimedAnswers(Duration.ofMillis(300), false), shown::add)
                .map(_ -> left())
                .block();
        assertEquals(700_000, Objects.requireNonNull(left), 1_000);
    }

    @Test
    void takesItFromWhoFailsToo() {
        assertThrows(QuiverException.class, () -> search("acme", Duration.ofMillis(300), true));
        assertEquals(700_000, left(), 1_000);
    }

    @Test
    void lendsWhatOneSearchCostsMoreAndRefusesUntilThatHasFlownIn() {
        search("acme", Duration.ofMillis(1_500), false);
        var refusal = assertThrows(QuiverException.class, () -> search("acme", Duration.ofMillis(1), false));
        assertEquals(ErrorCode.RESOURCE_EXHAUSTED, refusal.code());
        clock.addAndGet(Objects.requireNonNull(refusal.retryAfter()).toNanos());
        search("acme", Duration.ofMillis(1), false);
    }

    @Test
    void asksNothingOfTheClockWhereThereIsNoLimit() {
        search("free", Duration.ofMinutes(10), false);
        search("free", Duration.ofMinutes(10), false);
        assertTrue(shown.isEmpty());
    }

    @Test
    void sharesTheTimeAmongThoseUnderWay() {
        int cores = Runtime.getRuntime().availableProcessors();
        Deadline deadline = Deadline.after(Duration.ofMinutes(1));
        for (int i = 0; i < 4 * cores; i++) {
            admission.place(Lane.READ, "other", deadline, Runnable::run).block();
        }
        search("acme", Duration.ofMillis(400), false);
        assertEquals(900_000, left(), 1_000, "a fourth of the time was its own");
    }

    @Test
    void learnsWhatASearchCosts() {
        SearchPrices prices = new SearchPrices();
        SearchSize size = SearchSize.of(List.of(query.withEffort(new SearchEffort.Ef(64))), 1_000_000);
        for (int i = 0; i < 300; i++) {
            prices.measured(size, 2_000);
        }
        assertEquals(2_000, prices.expected(size), 100);
    }

    @Test
    void expectsMoreOfWhatSearchesMore() {
        SearchPrices prices = new SearchPrices();
        double usual = expected(prices, List.of(query), 1_000_000);
        assertTrue(expected(prices, List.of(query, query), 1_000_000) > usual * 1.5, "embeddings");
        assertTrue(
                expected(prices, List.of(query.withEffort(new SearchEffort.Ef(400))), 1_000_000) > usual * 1.5, "ef");
        assertTrue(
                expected(prices, List.of(query.withEffort(new SearchEffort.TargetRecall(1))), 1_000_000) > usual * 50,
                "an exact search");
        assertTrue(expected(prices, List.of(query), 100_000_000) > usual, "rows");
    }

    private static double expected(SearchPrices prices, List<Query> queries, long rows) {
        return prices.expected(SearchSize.of(queries, rows));
    }
}

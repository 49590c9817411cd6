package io.quiver.gateway.admission;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quiver.executor.QueryExecutor;
import io.quiver.executor.query.Consistency;
import io.quiver.executor.query.Deadline;
import io.quiver.executor.query.Filter;
import io.quiver.executor.query.Hits;
import io.quiver.executor.query.Query;
import io.quiver.log.catalog.Collection;
import io.quiver.log.catalog.Database;
import io.quiver.log.catalog.NewCollection;
import io.quiver.log.catalog.SqliteCatalog;
import io.quiver.log.catalog.Tenant;
import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.LogOffset;
import io.quiver.log.record.QuiverException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/** A server with one place: one call has it, and all that may wait for it do. */
class BulkReadsTest {
    private static final int WAITING = Lane.CALL.waitingMin();

    @TempDir
    Path directory;

    private final HeldAnswers answers = new HeldAnswers();
    private SqliteCatalog catalog;
    private Collection collection;
    private BulkReads reads;
    private List<Query> batch;

    /** Answers when it is told to. */
    private static final class HeldAnswers implements AnswersAlone {
        private final Deque<MonoSink<List<Hits>>> underWay = new ArrayDeque<>();

        @Override
        public Mono<List<Hits>> execute(List<Query> queries) {
            return Mono.create(underWay::add);
        }

        void answerOne() {
            underWay.remove().success(List.of(Hits.counted(LogOffset.NONE, 0)));
        }
    }

    @BeforeEach
    void open() throws IOException {
        catalog = SqliteCatalog.open(directory);
        collection = Objects.requireNonNull(catalog.createCollection(
                        NewCollection.read(Tenant.DEFAULT, Database.DEFAULT, "things", null, null, null), false)
                .block());
        Admission admission = Admission.create(new AdmissionSettings(Map.of(), 1), new SimpleMeterRegistry());
        reads = new BulkReads(answers, admission, new PaidSearches(admission, catalog), catalog);
        Deadline deadline = Deadline.after(Duration.ofMinutes(1));
        batch = List.of(new Query.Count(collection.id(), Filter.ALL, Consistency.STRONG, deadline));
    }

    @AfterEach
    void close() {
        catalog.close();
    }

    private void begin(int calls) {
        for (int i = 0; i < calls; i++) {
            reads.ofCall().execute(batch).subscribe();
        }
    }

    @Test
    void refusesACallThatBeginsWhenTooManyWaitAndSaysWhenToComeAgain() {
        begin(1 + WAITING);
        var refused = assertThrows(
                QuiverException.class, () -> reads.ofCall().execute(batch).block(Duration.ofSeconds(1)));
        assertEquals(ErrorCode.UNAVAILABLE, refused.code());
        assertNotNull(refused.retryAfter());
    }

    @Test
    void refusesItBeforeItsFirstBatchIsRead() {
        begin(WAITING);
        reads.requireRoom(collection);
        begin(1);
        var refused = assertThrows(QuiverException.class, () -> reads.requireRoom(collection));
        assertEquals(ErrorCode.UNAVAILABLE, refused.code());
    }

    @Test
    void letsTheOtherBatchesOfACallWaitThatHasBegun() {
        QueryExecutor begun = reads.ofCall();
        AtomicInteger answered = new AtomicInteger();
        int batches = 1 + 2 * WAITING;
        for (int i = 0; i < batches; i++) {
            begun.execute(batch).subscribe(_ -> answered.incrementAndGet());
        }
        begin(WAITING);
        while (!answers.underWay.isEmpty()) {
            answers.answerOne();
        }
        assertEquals(batches, answered.get());
    }
}

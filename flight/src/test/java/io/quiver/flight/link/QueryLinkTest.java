package io.quiver.flight.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.executor.QueryExecutor;
import io.quiver.executor.query.Consistency;
import io.quiver.executor.query.Deadline;
import io.quiver.executor.query.Filter;
import io.quiver.executor.query.Hits;
import io.quiver.executor.query.Projection;
import io.quiver.executor.query.Query;
import io.quiver.flight.RandomValues;
import io.quiver.flight.ScanningExecutor;
import io.quiver.log.record.CollectionId;
import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.QuiverException;
import io.quiver.log.record.VectorRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What must hold for every link to an executor. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
abstract class QueryLinkTest {
    static final Duration PATIENCE = Duration.ofSeconds(20);
    static final int DIMENSION = 8;

    final RandomValues values = RandomValues.printed();
    final ScanningExecutor executor = new ScanningExecutor();
    final CollectionId collection = executor.create();
    QueryExecutor link = open(LinkLimits.DEFAULT);

    /** A link to {@link #executor}. */
    abstract QueryExecutor open(LinkLimits limits);

    /** Closes what a link needed, and checks that nothing is left of it. */
    abstract void closeWhatItNeeded();

    @BeforeEach
    void fill() {
        executor.add(collection, records(200, DIMENSION));
    }

    @AfterEach
    void everythingIsGivenBack() {
        executor.release();
        link.close();
        executor.close();
        closeWhatItNeeded();
    }

    @Test
    void answersAsTheExecutorItselfDoes() {
        List<Query> queries = List.of(nearest(5), nearest(0), scan(10, 20), count());
        List<Hits> direct = block(executor.execute(queries));
        List<Hits> linked = block(link.execute(queries));
        for (int i = 0; i < queries.size(); i++) {
            assertEquals(direct.get(i).ids(), linked.get(i).ids());
            assertEquals(direct.get(i).total(), linked.get(i).total());
            assertEquals(direct.get(i).offset(), linked.get(i).offset());
            assertEquals(direct.get(i).embeddings(), linked.get(i).embeddings());
            assertEquals(direct.get(i).documents(), linked.get(i).documents());
            assertEquals(direct.get(i).metadatas(), linked.get(i).metadatas());
        }
    }

    @Test
    void aLoneQueryIsSentAtOnceWhileAnotherIsUnderWay() {
        executor.hold();
        var first = link.execute(List.of(nearest(1))).toFuture();
        await(() -> executor.batches().size() == 1);
        var second = link.execute(List.of(nearest(2))).toFuture();
        await(() -> executor.batches().size() == 2);
        executor.release();
        assertEquals(1, join(first).getFirst().size());
        assertEquals(2, join(second).getFirst().size());
    }

    @Test
    void whatWaitsFormsOneBatchWhenThePlacesAreTaken() {
        reopen(new LinkLimits(1, 1000, 1 << 20, 10_000));
        executor.hold();
        List<CompletableFuture<@Nullable List<Hits>>> answers = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            answers.add(link.execute(List.of(nearest(i % 7))).toFuture());
        }
        await(() -> executor.batches().stream().mapToInt(List::size).sum() == 500);
        assertTrue(executor.batches().size() < 100, () -> executor.batches().size() + " batches for 500 queries");
        executor.release();
        for (int i = 0; i < 500; i++) {
            assertEquals(i % 7, join(answers.get(i)).getFirst().size());
        }
    }

    @Test
    void queriesOfOneCallAreExecutedTogether() {
        List<Query> queries =
                IntStream.range(0, 3000).<Query>mapToObj(i -> nearest(i % 3)).toList();
        List<Hits> answers = block(link.execute(queries));
        assertEquals(1, executor.batches().size());
        assertEquals(3000, answers.size());
        assertEquals(2, answers.getLast().size());
    }

    @Test
    void oneThatFailsDoesNotFailThoseItTravelsWith() {
        reopen(new LinkLimits(1, 1000, 1 << 20, 10_000));
        executor.hold();
        var first = link.execute(List.of(nearest(1))).toFuture();
        var good = link.execute(List.of(nearest(3))).toFuture();
        Query refused = new Query.Nearest(
                collection,
                values.embedding(DIMENSION),
                1,
                new Filter.DocumentContains("x"),
                Projection.IDS,
                Consistency.STRONG,
                soon());
        var bad = link.execute(List.of(refused)).toFuture();
        executor.release();
        assertEquals(1, join(first).getFirst().size());
        assertEquals(3, join(good).getFirst().size());
        assertFails(ErrorCode.INVALID_ARGUMENT, bad);
    }

    @Test
    void anUnknownCollectionIsRefusedWithTheExecutorsWords() {
        Query lost = new Query.Count(new CollectionId(new UUID(0, 7)), Filter.ALL, Consistency.STRONG, soon());
        var refusal = assertThrows(QuiverException.class, () -> block(link.execute(List.of(lost))));
        assertEquals(ErrorCode.NOT_FOUND, refusal.code());
        assertEquals("Collection [00000000-0000-0000-0000-000000000007] does not exist", refusal.getMessage());
    }

    @Test
    void cancellingStopsTheWorkAtTheExecutor() {
        executor.hold();
        Disposable asked = link.execute(List.of(nearest(1))).subscribe();
        await(() -> executor.batches().size() == 1);
        asked.dispose();
        await(() -> executor.cancelledCount() == 1);
        executor.release();
        assertEquals(4, block(link.execute(List.of(nearest(4)))).getFirst().size());
    }

    @Test
    void manyCallersGetTheirOwnAnswers() {
        List<Integer> differences = Flux.range(0, 300)
                .flatMap(
                        i -> link.execute(List.of(nearest(i % 50)))
                                .map(hits -> hits.getFirst().size() - i % 50),
                        64)
                .collectList()
                .block(PATIENCE);
        assertEquals(Collections.nCopies(300, 0), differences);
    }

    @Test
    void closingFailsWhatIsUnderWay() {
        executor.hold();
        var underWay = link.execute(List.of(nearest(1))).toFuture();
        await(() -> executor.batches().size() == 1);
        link.close();
        assertFails(ErrorCode.UNAVAILABLE, underWay);
        await(() -> executor.cancelledCount() == 1);
    }

    @Test
    void moreThanTheLimitIsRefused() {
        reopen(new LinkLimits(1, 1000, 1 << 20, 10));
        executor.hold();
        List<CompletableFuture<@Nullable List<Hits>>> taken = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            taken.add(link.execute(List.of(nearest(1))).toFuture());
        }
        var refusal = assertThrows(QuiverException.class, () -> block(link.execute(List.of(nearest(1)))));
        assertEquals("10 requests wait for the executor", refusal.getMessage());
        executor.release();
        for (var answer : taken) {
            assertEquals(1, join(answer).getFirst().size());
        }
    }

    void reopen(LinkLimits limits) {
        link.close();
        link = open(limits);
    }

    List<VectorRecord> records(int count, int dimension) {
        return IntStream.range(0, count)
                .mapToObj(i -> values.record("id" + i, dimension))
                .toList();
    }

    Query nearest(int k) {
        return new Query.Nearest(
                collection,
                values.embedding(DIMENSION),
                k,
                Filter.ALL,
                Projection.EVERYTHING,
                Consistency.STRONG,
                soon());
    }

    private Query scan(long skip, int limit) {
        return new Query.Scan(collection, skip, limit, Filter.ALL, Projection.EVERYTHING, Consistency.STRONG, soon());
    }

    private Query count() {
        return new Query.Count(collection, Filter.ALL, Consistency.STRONG, soon());
    }

    static Deadline soon() {
        return Deadline.after(PATIENCE);
    }

    static List<Hits> block(Mono<List<Hits>> answer) {
        return Objects.requireNonNull(answer.block(PATIENCE));
    }

    static List<Hits> join(CompletableFuture<@Nullable List<Hits>> answer) {
        return Objects.requireNonNull(
                answer.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join());
    }

    static void assertFails(ErrorCode code, CompletableFuture<?> answer) {
        var failure = assertThrows(CompletionException.class, answer::join);
        var refusal = assertInstanceOf(QuiverException.class, failure.getCause());
        assertEquals(code, refusal.code());
    }

    static void await(BooleanSupplier fact) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!fact.getAsBoolean()) {
            assertTrue(System.nanoTime() - end < 0, "waited too long");
            Thread.onSpinWait();
        }
    }
}

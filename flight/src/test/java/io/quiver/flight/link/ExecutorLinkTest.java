package io.quiver.flight.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.executor.query.Consistency;
import io.quiver.executor.query.Deadline;
import io.quiver.executor.query.Filter;
import io.quiver.executor.query.Hits;
import io.quiver.executor.query.Projection;
import io.quiver.executor.query.Query;
import io.quiver.flight.FlightAddress;
import io.quiver.flight.FlightMemory;
import io.quiver.flight.RandomValues;
import io.quiver.flight.ScanningExecutor;
import io.quiver.log.record.CollectionId;
import io.quiver.log.record.Embedding;
import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.LogOffset;
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

/** What must hold for a link over either transport. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
abstract class ExecutorLinkTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int DIMENSION = 8;
    private static final long MEMORY_BYTES = 512L << 20;

    private final RandomValues values = RandomValues.printed();
    private final ScanningExecutor executor = new ScanningExecutor();
    private final FlightMemory memory = FlightMemory.limitedTo(MEMORY_BYTES);
    private final CollectionId collection = executor.create();
    private ExecutorServer server = ExecutorServer.start(address(), executor, memory);
    private ExecutorLink link = ExecutorLink.open(server.address(), memory);

    abstract FlightAddress address();

    @BeforeEach
    void fill() {
        executor.add(collection, records(200, DIMENSION));
    }

    @AfterEach
    void everythingIsGivenBack() {
        executor.release();
        link.close();
        server.close();
        executor.close();
        memory.close();
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
    void whatWritesAskOfReadersTravelsToo() {
        link.awaitApplied(collection, new LogOffset(1)).block(PATIENCE);
        link.admitWrite(collection, 999).block(PATIENCE);
        var late = assertThrows(
                QuiverException.class,
                () -> link.awaitApplied(collection, new LogOffset(99)).block(PATIENCE));
        assertEquals(ErrorCode.UNAVAILABLE, late.code());
        var refused = assertThrows(
                QuiverException.class, () -> link.admitWrite(collection, 1000).block(PATIENCE));
        assertEquals(ErrorCode.BACKOFF, refused.code());
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
    void anAnswerLargerThanAMessageComesWhole() {
        CollectionId large = executor.create();
        executor.add(large, records(3000, 512));
        Query all = new Query.Scan(large, 0, 10_000, Filter.ALL, Projection.EVERYTHING, Consistency.STRONG, soon());
        Hits direct = block(executor.execute(List.of(all))).getFirst();
        Hits linked = block(link.execute(List.of(all))).getFirst();
        assertEquals(3000, linked.size());
        assertEquals(direct.ids(), linked.ids());
        assertEquals(direct.embeddings(), linked.embeddings());
        assertEquals(direct.documents(), linked.documents());
        assertEquals(direct.uris(), linked.uris());
        assertEquals(direct.metadatas(), linked.metadatas());
    }

    @Test
    void vectorsThatDoNotFitAMessageAreRefused() {
        Embedding wide = values.embedding(1 << 20);
        List<Query> queries = IntStream.range(0, 16)
                .<Query>mapToObj(_ ->
                        new Query.Nearest(collection, wide, 1, Filter.ALL, Projection.IDS, Consistency.STRONG, soon()))
                .toList();
        var refusal = assertThrows(QuiverException.class, () -> block(link.execute(queries)));
        assertEquals(ErrorCode.PAYLOAD_TOO_LARGE, refusal.code());
    }

    @Test
    void manyCallersGetTheirOwnAnswers() {
        List<Integer> differences = Flux.range(0, 2000)
                .flatMap(
                        i -> link.execute(List.of(nearest(i % 50)))
                                .map(hits -> hits.getFirst().size() - i % 50),
                        64)
                .collectList()
                .block(PATIENCE);
        assertEquals(Collections.nCopies(2000, 0), differences);
    }

    @Test
    void aLostExecutorFailsWhatIsUnderWayAndIsFoundAgain() {
        executor.hold();
        var underWay = link.execute(List.of(nearest(1))).toFuture();
        await(() -> executor.batches().size() == 1);
        FlightAddress address = server.address();
        server.close();
        assertFails(ErrorCode.UNAVAILABLE, underWay);
        executor.release();
        server = ExecutorServer.start(address, executor, memory);
        await(() -> isAnswered(nearest(3)));
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

    private boolean isAnswered(Query query) {
        try {
            return !block(link.execute(List.of(query))).isEmpty();
        } catch (QuiverException e) {
            return false;
        }
    }

    private void reopen(LinkLimits limits) {
        link.close();
        link = ExecutorLink.open(server.address(), memory, limits, null);
    }

    private List<VectorRecord> records(int count, int dimension) {
        return IntStream.range(0, count)
                .mapToObj(i -> values.record("id" + i, dimension))
                .toList();
    }

    private Query nearest(int k) {
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

    private static Deadline soon() {
        return Deadline.after(PATIENCE);
    }

    private static List<Hits> block(Mono<List<Hits>> answer) {
        return Objects.requireNonNull(answer.block(PATIENCE));
    }

    private static List<Hits> join(CompletableFuture<@Nullable List<Hits>> answer) {
        return Objects.requireNonNull(
                answer.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join());
    }

    private static void assertFails(ErrorCode code, CompletableFuture<?> answer) {
        var failure = assertThrows(CompletionException.class, answer::join);
        var refusal = assertInstanceOf(QuiverException.class, failure.getCause());
        assertEquals(code, refusal.code());
    }

    private static void await(BooleanSupplier fact) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!fact.getAsBoolean()) {
            assertTrue(System.nanoTime() - end < 0, "waited too long");
            Thread.onSpinWait();
        }
    }
}

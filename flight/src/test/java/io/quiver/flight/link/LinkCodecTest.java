package io.quiver.flight.link;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.executor.query.Hits;
import io.quiver.executor.query.Query;
import io.quiver.flight.RandomValues;
import io.quiver.flight.codec.Layout;
import io.quiver.log.record.CollectionId;
import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.LogOffset;
import io.quiver.log.record.QuiverException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LinkCodecTest {
    private static final int ROUNDS = 40;
    private static final Duration CLOCK_TOLERANCE = Duration.ofSeconds(30);

    private final RandomValues values = RandomValues.printed();
    private final RootAllocator allocator = new RootAllocator(64 << 20);

    @AfterEach
    void everythingIsGivenBack() {
        allocator.close();
    }

    @Test
    void requestsOfEveryShapeComeBackAsTheyWere() {
        RequestColumns columns = new RequestColumns();
        RequestReader reader = new RequestReader();
        try (VectorSchemaRoot root = VectorSchemaRoot.create(columns.schema(), allocator)) {
            for (int round = 0; round < ROUNDS; round++) {
                List<Request> sent = values.some(10, this::request);
                columns.clear();
                for (int i = 0; i < sent.size(); i++) {
                    columns.add(i, sent.get(i));
                }
                Layout.load(root, columns.columns(), allocator);
                assertSame(sent, reader.read(root));
            }
        }
    }

    @Test
    void answersOfEveryShapeComeBackAsTheyWereAlsoInManyMessages() {
        for (int round = 0; round < ROUNDS; round++) {
            List<List<Hits>> sent = values.some(5, () -> List.of(values.hits(), values.hits()));
            List<List<Hits>> received = travel(sent, 1 + values.below(5000));
            for (int i = 0; i < sent.size(); i++) {
                assertSame(sent.get(i).get(0), received.get(i).get(0));
                assertSame(sent.get(i).get(1), received.get(i).get(1));
            }
        }
    }

    @Test
    void aRefusalKeepsItsCodeItsTextAndWhenToComeAgain() {
        AnswerColumns columns = new AnswerColumns();
        columns.addRefusal(7, new QuiverException(ErrorCode.BACKOFF, "too fast", Duration.ofMillis(250)));
        columns.addRefusal(8, QuiverException.notFound("no such collection"));
        try (VectorSchemaRoot root = VectorSchemaRoot.create(columns.schema(), allocator)) {
            Layout.load(root, columns.columns(), allocator);
            AnswerReader answers = new AnswerReader(root);
            assertRefusal(answers, 0, ErrorCode.BACKOFF, "too fast", Duration.ofMillis(250));
            assertRefusal(answers, 1, ErrorCode.NOT_FOUND, "no such collection", null);
        }
    }

    private static void assertRefusal(
            AnswerReader answers, int row, ErrorCode code, String message, @Nullable Duration retryAfter) {
        QuiverException refusal = Objects.requireNonNull(answers.refusal(row));
        assertEquals(code, refusal.code());
        assertEquals(message, refusal.getMessage());
        assertEquals(retryAfter, refusal.retryAfter());
    }

    private Request request() {
        return switch (values.below(6)) {
            case 0 -> new Request.AwaitApplied(CollectionId.random(), new LogOffset(values.below(1000)));
            case 1 -> new Request.AdmitWrite(CollectionId.random(), values.below(1000));
            case 2 -> new Request.Cancel();
            default -> {
                List<Query> queries = new ArrayList<>(values.some(5, values::query));
                queries.add(values.query());
                yield new Request.Ask(queries);
            }
        };
    }

    /** Sends answers in messages of few bytes and puts them together again. */
    private List<List<Hits>> travel(List<List<Hits>> sent, int messageBytes) {
        AnswerColumns columns = new AnswerColumns();
        Deque<AnswerCursor> waiting = new ArrayDeque<>();
        List<List<HitsAssembly>> assemblies = new ArrayList<>();
        for (int i = 0; i < sent.size(); i++) {
            waiting.add(new AnswerCursor(i, new Answer.Found(sent.get(i))));
            assemblies.add(List.of(new HitsAssembly(), new HitsAssembly()));
        }
        try (VectorSchemaRoot root = VectorSchemaRoot.create(columns.schema(), allocator)) {
            while (!waiting.isEmpty()) {
                columns.clear();
                AnswerCursor next = waiting.removeFirst();
                if (!next.writeTo(columns, messageBytes)) {
                    waiting.addLast(next);
                }
                Layout.load(root, columns.columns(), allocator);
                AnswerReader answers = new AnswerReader(root);
                for (int row = 0; row < answers.rows(); row++) {
                    int request = (int) answers.request(row);
                    answers.addTo(assemblies.get(request).get(answers.query(row)), row);
                }
            }
        }
        return assemblies.stream()
                .map(each -> each.stream().map(HitsAssembly::hits).toList())
                .toList();
    }

    private static void assertSame(Hits sent, Hits received) {
        assertEquals(sent.offset(), received.offset());
        assertEquals(sent.total(), received.total());
        assertEquals(sent.partial(), received.partial());
        assertEquals(sent.ids(), received.ids());
        assertArrayEquals(sent.distances(), received.distances());
        assertEquals(sent.embeddings(), received.embeddings());
        assertEquals(sent.documents(), received.documents());
        assertEquals(sent.uris(), received.uris());
        assertEquals(sent.metadatas(), received.metadatas());
        assertEquals(sent.estimatedRecall(), received.estimatedRecall());
        assertEquals(sent.explanation(), received.explanation());
    }

    private static void assertSame(List<Request> sent, List<RequestReader.Numbered> received) {
        assertEquals(sent.size(), received.size());
        for (int i = 0; i < sent.size(); i++) {
            assertEquals(i, received.get(i).number());
            if (sent.get(i) instanceof Request.Ask(var queries)
                    && received.get(i).request() instanceof Request.Ask(var others)) {
                assertEquals(queries.size(), others.size());
                for (int q = 0; q < queries.size(); q++) {
                    assertSame(queries.get(q), others.get(q));
                }
            } else {
                assertEquals(sent.get(i), received.get(i).request());
            }
        }
    }

    private static void assertSame(Query sent, Query received) {
        Duration difference = sent.deadline().left().minus(received.deadline().left());
        assertTrue(difference.abs().compareTo(CLOCK_TOLERANCE) < 0, () -> "deadline is off by " + difference);
        assertEquals(withDeadlineOf(sent, received), received);
    }

    private static Query withDeadlineOf(Query query, Query other) {
        return switch (query) {
            case Query.Nearest q ->
                new Query.Nearest(
                        q.collection(),
                        q.embedding(),
                        q.k(),
                        q.filter(),
                        q.projection(),
                        q.consistency(),
                        other.deadline(),
                        q.effort(),
                        q.estimateRecall(),
                        q.explain());
            case Query.Scan q ->
                new Query.Scan(
                        q.collection(),
                        q.skip(),
                        q.limit(),
                        q.filter(),
                        q.projection(),
                        q.consistency(),
                        other.deadline());
            case Query.Search q ->
                new Query.Search(
                        q.collection(),
                        q.rank(),
                        q.groupBy(),
                        q.skip(),
                        q.limit(),
                        q.filter(),
                        q.projection(),
                        q.consistency(),
                        other.deadline());
            case Query.Count q -> new Query.Count(q.collection(), q.filter(), q.consistency(), other.deadline());
        };
    }
}

package io.quiver.flight.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.flight.FlightAddress;
import io.quiver.flight.client.BulkClient;
import io.quiver.flight.client.BulkSearcher;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.apache.arrow.flight.FlightClient.ExchangeReaderWriter;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.FlightStatusCode;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.Test;

/** Rows that say how they are searched, and many batches under way at once. */
@SuppressWarnings("try") // Arrow's streams throw what they like when they are closed
class SearchStreamTest extends FlightServerTest {
    @Test
    void aRowSaysHowItIsSearched() throws Exception {
        load(0, 1, 100);
        try (VectorSchemaRoot root = rows(
                field("k", new ArrowType.Int(32, true)),
                text("where"),
                field("target_recall", new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE)),
                text("consistency"))) {
            fill(root, 0, 4);
            ((IntVector) root.getVector("k")).setSafe(1, 5);
            ((Float8Vector) root.getVector("target_recall")).setSafe(1, 1.0);
            setText(root, "where", 2, "{\"#id\":{\"$in\":[\"r7\",\"r9\"]}}");
            setText(root, "consistency", 3, "index_only");
            root.setRowCount(4);
            Map<Long, List<String>> found = ask("{\"collection\":\"arrows\",\"k\":2}", root);
            assertEquals(List.of("r0", "r1"), found.get(0L));
            assertEquals(5, found.getOrDefault(1L, List.of()).size());
            assertEquals(List.of("r7", "r9"), found.get(2L));
            assertEquals(List.of(), found.get(3L), "nothing has been compacted yet");
        }
    }

    @Test
    void aRowThatAsksWronglyIsNamed() {
        load(0, 1, 10);
        assertRowRefused("row 1: 'k' must be an integer in 1..16384, not 0", "k", new ArrowType.Int(32, true), 0);
        assertRowRefused(
                "row 1: 'timeout_ms' must be an integer in 1..60000, not 0",
                "timeout_ms",
                new ArrowType.Int(32, true),
                0);
        assertRowRefused(
                "unknown column 'kk'; there are consistency, ef, k, min_offset, query_id, target_recall, timeout_ms,"
                        + " vector, where, where_document",
                "kk",
                new ArrowType.Int(32, true),
                0);
        try (VectorSchemaRoot root = rows(text("where"))) {
            fill(root, 0, 2);
            setText(root, "where", 1, "{\"a\":");
            root.setRowCount(2);
            assertRefused("row 1: not JSON", root);
        }
        try (VectorSchemaRoot root = rows(text("k"))) {
            fill(root, 0, 2);
            assertRefused("column 'k' must be an integer, not Utf8", root);
        }
    }

    @Test
    void aRowThatRanOutOfTimeIsMarked() throws Exception {
        load(0, 1, 10);
        long head = server.log.head().value();
        try (VectorSchemaRoot root = rows(
                field("min_offset", new ArrowType.Int(64, true)), field("timeout_ms", new ArrowType.Int(32, true)))) {
            fill(root, 0, 1);
            ((BigIntVector) root.getVector("min_offset")).setSafe(0, head);
            root.setRowCount(1);
            assertEquals(1, ask("{\"collection\":\"arrows\",\"k\":1}", root).size());
            ((BigIntVector) root.getVector("min_offset")).setSafe(0, head + 1);
            ((IntVector) root.getVector("timeout_ms")).setSafe(0, 1);
            root.setRowCount(1);
            var late =
                    assertThrows(FlightRuntimeException.class, () -> ask("{\"collection\":\"arrows\",\"k\":1}", root));
            assertTrue(
                    List.of(FlightStatusCode.UNAVAILABLE, FlightStatusCode.TIMED_OUT)
                            .contains(late.status().code()),
                    () -> late.status().toString());
        }
    }

    @Test
    void manyBatchesAreUnderWayAtOnceAndAllAreAnswered() {
        load(0, 1, 1000);
        try (BulkClient client = BulkClient.connect(URI.create("grpc://127.0.0.1:" + server.flight.port()));
                BulkSearcher searcher = client.searcher("{\"collection\":\"arrows\",\"k\":3}", DIMENSION)) {
            float[] values = new float[64 * DIMENSION];
            int batches = 100;
            for (int batch = 0; batch < batches; batch++) {
                searcher.ask(values, 0, 64);
            }
            List<Long> seen = new ArrayList<>();
            while (seen.size() < batches * 64) {
                searcher.answers().forEach(found -> {
                    assertEquals(List.of("r0", "r1", "r2"), found.ids());
                    seen.add(found.query());
                });
            }
            assertEquals(
                    LongStream.range(0, batches * 64L).boxed().toList(),
                    seen.stream().sorted().toList());
        }
    }

    /** The thread that reads questions and the one that sends answers wait for each other all the time. */
    @Test
    void aThousandSmallBatchesAreAnswered() {
        load(0, 1, 10);
        try (BulkClient client = BulkClient.connect(URI.create("grpc://127.0.0.1:" + server.flight.port()));
                BulkSearcher searcher = client.searcher("{\"collection\":\"arrows\",\"k\":1}", DIMENSION)) {
            int batches = 1_000;
            for (int batch = 0; batch < batches; batch++) {
                searcher.ask(new float[DIMENSION], 0, 1);
            }
            int answers = 0;
            while (answers < batches) {
                answers += searcher.answers().size();
            }
            assertEquals(batches, answers);
        }
    }

    @Test
    void aCallerThatGoesStopsWhatItAsked() throws Exception {
        load(0, 20, 1000);
        assertTrue(server.flight.address() instanceof FlightAddress.Tcp);
        long before = server.executor.stats().cancelled();
        try (ExchangeReaderWriter exchange =
                        server.client.doExchange(command("{\"collection\":\"arrows\",\"target_recall\":1}"));
                VectorSchemaRoot root = vectors(false)) {
            exchange.getWriter().start(root);
            fill(root, 0, 4000);
            for (int i = 0; i < 6; i++) {
                exchange.getWriter().putNext();
            }
            assertTrue(exchange.getReader().next());
            exchange.getReader().cancel("enough", null);
        }
        long patience = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (server.executor.stats().cancelled() == before) {
            assertTrue(System.nanoTime() < patience, "the work for a caller that has gone goes on");
            Thread.onSpinWait();
        }
    }

    private void assertRowRefused(String reason, String column, ArrowType type, int value) {
        try (VectorSchemaRoot root = rows(field(column, type))) {
            fill(root, 0, 2);
            ((IntVector) root.getVector(column)).setSafe(1, value);
            root.setRowCount(2);
            assertRefused(reason, root);
        }
    }

    private void assertRefused(String reason, VectorSchemaRoot root) {
        var refusal = assertThrows(FlightRuntimeException.class, () -> ask("{\"collection\":\"arrows\"}", root));
        assertEquals(FlightStatusCode.INVALID_ARGUMENT, refusal.status().code());
        String description = refusal.status().description();
        assertTrue(description != null && description.startsWith(reason), () -> "not: " + description);
    }

    private Map<Long, List<String>> ask(String command, VectorSchemaRoot root) throws Exception {
        Map<Long, List<String>> found = new TreeMap<>();
        try (ExchangeReaderWriter exchange = server.client.doExchange(command(command))) {
            exchange.getWriter().start(root);
            exchange.getWriter().putNext();
            exchange.getWriter().completed();
            while (exchange.getReader().next()) {
                VectorSchemaRoot answers = exchange.getReader().getRoot();
                ListVector ids = (ListVector) answers.getVector("ids");
                for (int row = 0; row < answers.getRowCount(); row++) {
                    found.put(
                            ((BigIntVector) answers.getVector("query_id")).get(row),
                            ids.getObject(row).stream().map(Object::toString).toList());
                }
            }
        }
        return found;
    }

    private VectorSchemaRoot rows(Field... options) {
        Field embedding = Upload.embedding(DIMENSION);
        List<Field> fields = new ArrayList<>(
                List.of(new Field("vector", FieldType.nullable(embedding.getType()), embedding.getChildren())));
        fields.addAll(List.of(options));
        return VectorSchemaRoot.create(new Schema(fields), server.allocator);
    }

    private static void setText(VectorSchemaRoot root, String column, int row, String text) {
        FieldVector texts = root.getVector(column);
        ((VarCharVector) texts).setSafe(row, text.getBytes(StandardCharsets.UTF_8));
    }
}

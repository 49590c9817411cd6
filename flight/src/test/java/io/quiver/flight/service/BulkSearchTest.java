package io.quiver.flight.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.arrow.flight.FlightClient.ExchangeReaderWriter;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.FlightStatusCode;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.ListVector;
import org.junit.jupiter.api.Test;

@SuppressWarnings("try") // Arrow's streams throw what they like when they are closed
class BulkSearchTest extends FlightServerTest {
    @Test
    void vectorsAreSearchedInBatches() throws Exception {
        load(0, 10, 100);
        FlightDescriptor search =
                command("{\"collection\":\"arrows\",\"k\":3,\"include\":[\"distances\",\"embeddings\"]}");
        try (ExchangeReaderWriter exchange = server.client.doExchange(search);
                VectorSchemaRoot root = vectors(true)) {
            exchange.getWriter().start(root);
            for (int batch = 0; batch < 3; batch++) {
                fill(root, batch * 100, 50);
                exchange.getWriter().putNext();
                assertTrue(exchange.getReader().next());
                assertNeighbours(exchange.getReader(), batch * 100, 50);
            }
            exchange.getWriter().completed();
            assertTrue(!exchange.getReader().next());
        }
    }

    @Test
    void queriesWithoutIdsAreNumbered() throws Exception {
        load(0, 1, 10);
        try (ExchangeReaderWriter exchange = server.client.doExchange(command("{\"collection\":\"arrows\",\"k\":1}"));
                VectorSchemaRoot root = vectors(false)) {
            exchange.getWriter().start(root);
            for (int batch = 0; batch < 2; batch++) {
                fill(root, 0, 3);
                exchange.getWriter().putNext();
            }
            exchange.getWriter().completed();
            List<Long> ids = new ArrayList<>();
            while (exchange.getReader().next()) {
                BigIntVector column =
                        (BigIntVector) exchange.getReader().getRoot().getVector("query_id");
                IntStream.range(0, column.getValueCount()).forEach(row -> ids.add(column.get(row)));
            }
            assertEquals(List.of(0L, 1L, 2L, 3L, 4L, 5L), ids.stream().sorted().toList());
        }
    }

    @Test
    void whoAsksIsToldTheRecallOfEachAnswer() throws Exception {
        load(0, 1, 50);
        for (String effort : List.of("", ",\"ef\":64", ",\"target_recall\":0.9", ",\"target_recall\":1")) {
            FlightDescriptor search =
                    command("{\"collection\":\"arrows\",\"k\":2,\"estimate_recall\":true" + effort + "}");
            try (ExchangeReaderWriter exchange = server.client.doExchange(search);
                    VectorSchemaRoot root = vectors(false)) {
                exchange.getWriter().start(root);
                fill(root, 0, 3);
                exchange.getWriter().putNext();
                assertTrue(exchange.getReader().next());
                VectorSchemaRoot answers = exchange.getReader().getRoot();
                assertEquals(List.of("query_id", "ids", "distances", "estimated_recall", "partial"), names(answers));
                Float4Vector recalls = (Float4Vector) answers.getVector("estimated_recall");
                assertEquals(
                        List.of(1f, 1f, 1f),
                        IntStream.range(0, 3).mapToObj(recalls::get).toList());
                exchange.getWriter().completed();
            }
        }
    }

    @Test
    void aBadSearchIsRefused() {
        load(0, 1, 10);
        assertSearchRefused("{\"collection\":\"arrows\",\"k\":0}", "'k' must be an integer in 1..16384, not 0");
        assertSearchRefused(
                "{\"collection\":\"arrows\",\"kk\":1}",
                "unknown field 'kk'; there are tenant, database, collection, k, where, where_document, include,"
                        + " ef, target_recall, estimate_recall, consistency, min_offset, timeout_ms");
        assertSearchRefused("{\"collection\":\"arrows\",\"ef\":0}", "'ef' must be an integer in 1..16384, not 0");
        assertSearchRefused(
                "{\"collection\":\"arrows\",\"target_recall\":0}",
                "target_recall must be greater than 0 and at most 1, not 0.0");
        assertSearchRefused(
                "{\"collection\":\"arrows\",\"target_recall\":\"all\"}",
                "'target_recall' must be a number, not \"all\"");
        assertSearchRefused(
                "{\"collection\":\"arrows\",\"ef\":10,\"target_recall\":0.9}",
                "ef (10) and target_recall (0.9) exclude each other");
        assertSearchRefused("{\"collection\":\"arrows\"", "not JSON");
        assertSearchRefused("{}", "'collection' must name a collection");
    }

    private void assertSearchRefused(String command, String reason) {
        var refusal = assertThrows(FlightRuntimeException.class, () -> {
            try (ExchangeReaderWriter exchange = server.client.doExchange(command(command))) {
                exchange.getReader().next();
            }
        });
        assertEquals(FlightStatusCode.INVALID_ARGUMENT, refusal.status().code());
        String description = refusal.status().description();
        assertTrue(description != null && description.startsWith(reason), () -> "not: " + description);
    }

    private static void assertNeighbours(FlightStream answers, int first, int rows) {
        VectorSchemaRoot batch = answers.getRoot();
        assertEquals(rows, batch.getRowCount());
        assertEquals(List.of("query_id", "ids", "distances", "embeddings", "partial"), names(batch));
        ListVector ids = (ListVector) batch.getVector("ids");
        for (int row = 0; row < rows; row++) {
            assertEquals(1000 + first + row, ((BigIntVector) batch.getVector("query_id")).get(row));
            assertEquals(3, ids.getObject(row).size());
            assertEquals("r" + (first + row), ids.getObject(row).getFirst().toString());
        }
        byte[] about = new byte[(int) answers.getLatestMetadata().readableBytes()];
        answers.getLatestMetadata().getBytes(0, about);
        assertTrue(new String(about, StandardCharsets.UTF_8).startsWith("{\"offset\":"));
    }
}

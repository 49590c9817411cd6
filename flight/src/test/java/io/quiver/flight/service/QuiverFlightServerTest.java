package io.quiver.flight.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.arrow.flight.Action;
import org.apache.arrow.flight.CallHeaders;
import org.apache.arrow.flight.CallOption;
import org.apache.arrow.flight.Criteria;
import org.apache.arrow.flight.FlightCallHeaders;
import org.apache.arrow.flight.FlightClient.ExchangeReaderWriter;
import org.apache.arrow.flight.FlightInfo;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.FlightStatusCode;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.HeaderCallOption;
import org.apache.arrow.flight.Result;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.junit.jupiter.api.Test;

@SuppressWarnings("try") // Arrow's streams throw what they like when they are closed
class QuiverFlightServerTest extends FlightServerTest {
    private static final String ARROWS_JSON = "{\"collection\":\"arrows\"}";

    @Test
    void collectionsAreListedWithTheirSchemas() {
        load(0, 1, 10);
        server.create("other");
        List<FlightInfo> flights = new ArrayList<>();
        server.client.listFlights(Criteria.ALL).forEach(flights::add);
        assertEquals(2, flights.size());
        FlightInfo info = info();
        assertEquals(10, info.getRecords());
        assertEquals(
                List.of("id", "embedding", "document", "uri", "metadata"),
                info.getSchemaOptional().orElseThrow().getFields().stream()
                        .map(Field::getName)
                        .toList());
        assertEquals(
                new ArrowType.FixedSizeList(DIMENSION),
                info.getSchemaOptional().orElseThrow().findField("embedding").getType());
        assertEquals(1, info.getEndpoints().size());
    }

    @Test
    void actionsCreateCountAndDrop() throws IOException {
        assertEquals(
                "new-one",
                act("create_collection", "{\"name\":\"new-one\"}").get("name").textValue());
        assertEquals(
                0, act("count", "{\"collection\":\"new-one\"}").get("count").intValue());
        act("drop_collection", "{\"collection\":\"new-one\"}");
        var gone = assertThrows(FlightRuntimeException.class, () -> act("count", "{\"collection\":\"new-one\"}"));
        assertEquals(FlightStatusCode.NOT_FOUND, gone.status().code());
        var unknown = assertThrows(FlightRuntimeException.class, () -> act("fly", "{}"));
        assertEquals(FlightStatusCode.UNIMPLEMENTED, unknown.status().code());
    }

    @Test
    void actionsListCompactExplainAndTell() throws IOException {
        load(0, 2, 10);
        JsonNode listed = act("list_collections", "{}").get("collections");
        assertEquals(1, listed.size());
        assertEquals("arrows", listed.get(0).get("name").textValue());
        assertEquals(DIMENSION, listed.get(0).get("dimension").intValue());
        JsonNode stats = act("stats", "{\"collection\":\"arrows\"}");
        assertEquals(20, stats.get("count").intValue());
        assertEquals(2, stats.get("offset").intValue());
        assertEquals(0, stats.get("compacted_count").intValue());
        JsonNode explained = act("explain", "{\"collection\":\"arrows\",\"vector\":[1,2,3,4],\"k\":3}");
        assertEquals(3, explained.get("hits").intValue());
        assertEquals(1, explained.get("segments").size());
        assertEquals(0, act("compact", "{\"collection\":\"arrows\"}").size());
        assertEquals(1, server.executor.stats().collections().getFirst().waitingDeltas());
        var wrong = assertThrows(
                FlightRuntimeException.class, () -> act("explain", "{\"collection\":\"arrows\",\"vector\":[1,\"2\"]}"));
        assertEquals(FlightStatusCode.INVALID_ARGUMENT, wrong.status().code());
    }

    @Test
    void aCallerThatLeavesLeavesNothingBehind() throws Exception {
        load(0, 20, 1000);
        try (FlightStream records = server.client.getStream(ticket("{\"collection\":\"arrows\"}"))) {
            assertTrue(records.next());
        }
        try (ExchangeReaderWriter exchange = server.client.doExchange(ARROWS);
                VectorSchemaRoot root = vectors(false)) {
            exchange.getWriter().start(root);
            fill(root, 0, 100);
            exchange.getWriter().putNext();
            exchange.getReader().cancel("enough", null);
        }
        assertEquals(20_000, info().getRecords());
    }

    @Test
    void stoppingEndsStreamsThatWaitForTheirCaller() throws Exception {
        load(0, 1, 10);
        try (ExchangeReaderWriter exchange = server.client.doExchange(ARROWS);
                VectorSchemaRoot root = vectors(false)) {
            exchange.getWriter().start(root);
            fill(root, 0, 1);
            exchange.getWriter().putNext();
            assertTrue(exchange.getReader().next());
            server.stop();
            var cut = assertThrows(
                    FlightRuntimeException.class, () -> exchange.getReader().next());
            assertEquals(FlightStatusCode.UNAVAILABLE, cut.status().code());
        }
    }

    @Test
    void aCallSaysHowLongItsCallerWaits() throws IOException {
        load(0, 1, 10);
        assertEquals(
                10, act("count", ARROWS_JSON, waiting("10000")).get("count").intValue());
        var refused = assertThrows(FlightRuntimeException.class, () -> act("count", ARROWS_JSON, waiting("soon")));
        assertEquals(FlightStatusCode.INVALID_ARGUMENT, refused.status().code());
    }

    private static CallOption waiting(String ms) {
        CallHeaders headers = new FlightCallHeaders();
        headers.insert("x-timeout-ms", ms);
        return new HeaderCallOption(headers);
    }

    private JsonNode act(String type, String body, CallOption... options) throws IOException {
        Iterator<Result> results =
                server.client.doAction(new Action(type, body.getBytes(StandardCharsets.UTF_8)), options);
        return Command.JSON.readTree(results.next().getBody());
    }
}

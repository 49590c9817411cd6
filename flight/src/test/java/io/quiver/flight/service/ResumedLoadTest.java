package io.quiver.flight.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.Location;
import org.junit.jupiter.api.Test;

/** Loads that break in the middle and go on after the last batch acknowledged. */
@SuppressWarnings("try") // closing a client waits, and may be interrupted
class ResumedLoadTest extends FlightServerTest {
    private static final int BATCHES = 60;
    private static final int ROWS = 50;

    @Test
    void aCallerGoesOnAfterTheLastAcknowledgedBatchWhenItsConnectionBreaks() throws Exception {
        int next = 0;
        try (CutWire wire = new CutWire(server.flight.port())) {
            for (int acknowledged : new int[] {7, 1, 12}) {
                next = loadAndCut(wire, next, acknowledged);
            }
        }
        List<JsonNode> rest = load(next, BATCHES);
        assertNumbered(next, rest);
        assertEverythingIsThereOnce();
    }

    @Test
    void aCallerGoesOnAtAServerThatHasStartedAgain() throws Exception {
        int next;
        try (CutWire wire = new CutWire(server.flight.port())) {
            next = loadAndCut(wire, 0, 5);
        }
        server.close();
        server = new RunningServer(directory, Duration.ofMillis(500), limits());
        assertNumbered(next, load(next, BATCHES));
        assertEverythingIsThereOnce();
    }

    /** Cuts when so many batches more are acknowledged; returns the first that is not. */
    private int loadAndCut(CutWire wire, int first, int acknowledgements) throws Exception {
        Location location = Location.forGrpcInsecure("127.0.0.1", wire.port());
        try (FlightClient client =
                        FlightClient.builder(server.allocator, location).build();
                Upload upload = upload(client, first)) {
            for (int batch = first; batch < BATCHES && upload.acknowledged().size() < acknowledgements; batch++) {
                upload.fill(batch * ROWS, ROWS);
                upload.send();
                if (batch - first >= acknowledgements) {
                    upload.awaitAcknowledged(acknowledgements);
                }
            }
            upload.awaitAcknowledged(acknowledgements);
            wire.cut();
            assertThrows(FlightRuntimeException.class, upload::finish);
            assertNumbered(first, List.copyOf(upload.acknowledged()));
            return first + upload.acknowledged().size();
        }
    }

    private List<JsonNode> load(int first, int end) {
        try (Upload upload = upload(server.client, first)) {
            for (int batch = first; batch < end; batch++) {
                upload.fill(batch * ROWS, ROWS);
                upload.send();
            }
            List<JsonNode> acknowledged = upload.finish();
            assertEquals(end - first, acknowledged.size());
            return acknowledged;
        }
    }

    private Upload upload(FlightClient client, int first) {
        return new Upload(
                client,
                server.allocator,
                command("{\"collection\":\"arrows\",\"first_batch\":%d}".formatted(first)),
                Upload.ID,
                Upload.embedding(DIMENSION));
    }

    private static void assertNumbered(int first, List<JsonNode> acknowledged) {
        assertTrue(!acknowledged.isEmpty());
        assertEquals(
                IntStream.range(first, first + acknowledged.size()).boxed().toList(),
                acknowledged.stream().map(each -> each.get("batch").intValue()).toList());
    }

    private void assertEverythingIsThereOnce() throws Exception {
        List<String> ids = new ArrayList<>();
        scan(
                "{\"collection\":\"arrows\",\"include\":[]}",
                batch -> IntStream.range(0, batch.getRowCount()).forEach(row -> ids.add(text(batch, "id", row))));
        assertEquals(IntStream.range(0, BATCHES * ROWS).mapToObj(i -> "r" + i).toList(), ids);
    }
}

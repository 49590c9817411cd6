package io.quiver.gateway.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.quiver.flight.client.BulkClient;
import io.quiver.flight.client.BulkSearcher;
import io.quiver.gateway.server.RunningServer;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.FlightStatusCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlightCallsTest {
    @TempDir
    Path directory;

    @Test
    void theLastCallIsServedAndOneMoreIsToldWhenToComeAgain() {
        try (RunningServer server = RunningServer.start(directory, Map.of("flight.calls-max", "2"));
                BulkClient client = BulkClient.connect(server.flight())) {
            client.act("create_collection", "{\"name\":\"films\"}");
            try (BulkSearcher first = searcher(client);
                    BulkSearcher second = searcher(client)) {
                search(first);
                search(second);
                var refused = assertThrows(
                        FlightRuntimeException.class, () -> client.act("stats", "{\"collection\":\"films\"}"));
                assertEquals(FlightStatusCode.UNAVAILABLE, refused.status().code(), refused::toString);
                assertEquals(
                        "1000",
                        Objects.requireNonNull(refused.status().metadata()).get("quiver-retry-after-ms"));
            }
        }
    }

    private static BulkSearcher searcher(BulkClient client) {
        return client.searcher("{\"collection\":\"films\"}", 3);
    }

    private static void search(BulkSearcher searcher) {
        assertEquals(1, searcher.search(new float[] {1, 2, 3}, 0, 1).size());
    }
}

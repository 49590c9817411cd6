package io.quiver.gateway.server;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.flight.TraceContext;
import io.quiver.gateway.http.RequestObserver;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ServerMetersTest {
    @Test
    void countsWhatIsWrittenByTheRecordAndNotByTheBatch() {
        try (ServerMeters meters = new ServerMeters()) {
            meters.acknowledged(300, Duration.ofMillis(1));
            meters.acknowledged(1, Duration.ofMillis(1));
            List<String> lines = meters.registry().scrape().lines().toList();
            assertTrue(lines.contains("quiver_write_operations_total 301.0"), lines::toString);
            assertTrue(lines.contains("quiver_write_ack_seconds_count 2"), lines::toString);
        }
    }

    @Test
    void tellsCallersThatWentFromThoseThatWereCutOff() {
        try (ServerMeters meters = new ServerMeters()) {
            RequestMeters requests = new RequestMeters(meters);
            for (int status : new int[] {200, RequestObserver.CLIENT_GONE, RequestObserver.CLIENT_STALLED, 499}) {
                requests.ended("POST", "/query", status, Duration.ofMillis(1), TraceContext.begun());
            }
            List<String> lines = meters.registry().scrape().lines().toList();
            assertTrue(lines.contains("quiver_cancelled_total{door=\"http\"} 2.0"), lines::toString);
            assertTrue(lines.contains("quiver_stalled_total{door=\"http\"} 1.0"), lines::toString);
        }
    }
}

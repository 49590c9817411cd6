package io.quiver.flight;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Context;
import io.grpc.Metadata;
import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.QuiverException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CallTimeoutTest {
    private static final Duration MAX = Duration.ofSeconds(60);

    private static Metadata headers(String timeout) {
        Metadata headers = new Metadata();
        headers.put(Metadata.Key.of("x-timeout-ms", Metadata.ASCII_STRING_MARSHALLER), timeout);
        return headers;
    }

    private static Duration within(Context context) throws Exception {
        return context.call(() -> CallTimeout.current(MAX));
    }

    @Test
    void whoSaysNothingWaitsAsLongAsMayBe() {
        assertNull(CallTimeout.asked(new Metadata()));
        assertEquals(MAX, CallTimeout.current(MAX));
    }

    @Test
    void theHeaderCountsUpToTheMost() throws Exception {
        assertEquals(Duration.ofMillis(250), CallTimeout.asked(headers("250")));
        assertEquals(
                Duration.ofMillis(250), within(Context.current().withValue(CallTimeout.ASKED, Duration.ofMillis(250))));
        assertEquals(MAX, within(Context.current().withValue(CallTimeout.ASKED, MAX.plusMillis(1))));
    }

    @Test
    void theDeadlineOfTheCallCounts() throws Exception {
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
        try (Context.CancellableContext context = Context.current()
                .withValue(CallTimeout.ASKED, Duration.ofSeconds(50))
                .withDeadlineAfter(40, TimeUnit.SECONDS, timer)) {
            Duration left = within(context);
            assertTrue(left.compareTo(Duration.ofSeconds(40)) <= 0, left::toString);
        } finally {
            timer.shutdownNow();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "soon", "", "1.5", "99999999999999999999"})
    void whatIsNoTimeIsRefused(String text) {
        QuiverException refusal = assertThrows(QuiverException.class, () -> CallTimeout.asked(headers(text)));
        assertEquals(ErrorCode.INVALID_ARGUMENT, refusal.code());
    }
}

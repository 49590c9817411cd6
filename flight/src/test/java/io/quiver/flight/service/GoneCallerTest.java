package io.quiver.flight.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.arrow.flight.FlightClient.ExchangeReaderWriter;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Callers that go away in the middle of work that would take the search threads minutes: these are idle again at once,
 * and every buffer has been given back. Whoever waits for the end of such work instead waits in vain.
 */
@SuppressWarnings("try") // Arrow's streams throw what they like when they are closed
class GoneCallerTest extends FlightServerTest {
    /** Looks at each character of {@link #DOCUMENT} a thousand times, and finds nothing. */
    private static final String LONG_WORK = "\"where_document\":{\"$regex\":\"[xy]{9,600}(zz|qq)\"}";

    /** Has each three letters in a row of what is looked for, so that no index rules it out. */
    private static final String DOCUMENT = "xzzyzzxqqyqq" + "xy".repeat(400_000);

    private static final int DOCUMENTS = 4;

    private static final String COMMAND = "{\"collection\":\"arrows\",%s}".formatted(LONG_WORK);

    @BeforeEach
    void loadLongDocuments() {
        Field document = field("document", ArrowType.Utf8.INSTANCE);
        try (Upload upload = upload(ARROWS, Upload.ID, Upload.embedding(DIMENSION), document)) {
            upload.fill(0, DOCUMENTS);
            for (int row = 0; row < DOCUMENTS; row++) {
                upload.text("document", row, DOCUMENT);
            }
            upload.send();
            upload.finish();
        }
        assertEquals(DOCUMENTS, server.client.getInfo(ARROWS).getRecords());
    }

    @Test
    void ofASearchStopTheirWork() throws Exception {
        try (ExchangeReaderWriter exchange = server.client.doExchange(command(COMMAND));
                VectorSchemaRoot root = vectors(false)) {
            exchange.getWriter().start(root);
            fill(root, 0, 100);
            exchange.getWriter().putNext();
            awaitWork();
            long gone = System.nanoTime();
            exchange.getReader().cancel("enough", null);
            awaitRest("DoExchange", gone);
            await(() -> server.flight.cancelledCount() == 1);
        }
    }

    @Test
    void ofAScanStopTheirWorkAndGiveTheirViewBack() throws Exception {
        try (FlightStream records = server.client.getStream(ticket(COMMAND))) {
            awaitWork();
            long gone = System.nanoTime();
            records.cancel("enough", null);
            awaitRest("DoGet", gone);
            await(() -> server.flight.cancelledCount() == 1);
        }
        await(() -> server.executor.stats().pinnedViews() == 0);
    }

    private void awaitWork() {
        await(() -> server.executor.stats().searching() > 0);
    }

    private void awaitRest(String call, long goneNanos) {
        await(() -> server.executor.stats().searching() == 0
                && server.executor.stats().searchQueueLength() == 0);
        System.out.printf(
                "%s: the search threads rest %.1f ms after the caller has gone%n",
                call, (System.nanoTime() - goneNanos) / (double) TimeUnit.MILLISECONDS.toNanos(1));
    }

    private static void await(BooleanSupplier fact) {
        long patience = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!fact.getAsBoolean()) {
            assertTrue(System.nanoTime() < patience, "in vain for 20 s");
            Thread.onSpinWait();
        }
    }
}

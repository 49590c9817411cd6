package io.quiver.flight.service;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.flight.codec.EmbeddingColumn;
import io.quiver.log.record.CollectionId;
import io.quiver.log.record.Embedding;
import io.quiver.log.record.LogOffset;
import io.quiver.log.record.MetadataPatch;
import io.quiver.log.record.Operation;
import io.quiver.log.record.RecordPatch;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.junit.jupiter.api.Test;

@SuppressWarnings("try") // Arrow's streams throw what they like when they are closed
class RecordScanTest extends FlightServerTest {
    @Test
    void whatWasLoadedIsReadOutAgain() throws Exception {
        try (Upload upload = upload(
                ARROWS, Upload.ID, Upload.embedding(DIMENSION), text("document"), text("uri"), text("metadata"))) {
            upload.fill(0, 2);
            upload.text("document", 0, "向量");
            upload.text("uri", 1, "file:///arrow");
            upload.text("metadata", 0, "{\"n\":1,\"x\":1.0,\"s\":\"t\",\"b\":true,\"a\":[1,2]}");
            upload.send();
            upload.finish();
        }
        scan("{\"collection\":\"arrows\"}", batch -> {
            assertEquals(2, batch.getRowCount());
            assertEquals("r0", text(batch, "id", 0));
            assertEquals("向量", text(batch, "document", 0));
            assertTrue(batch.getVector("document").isNull(1));
            assertEquals("file:///arrow", text(batch, "uri", 1));
            assertEquals("{\"n\":1,\"x\":1.0,\"s\":\"t\",\"b\":true,\"a\":[1,2]}", text(batch, "metadata", 0));
            assertTrue(batch.getVector("metadata").isNull(1));
            EmbeddingColumn embeddings = EmbeddingColumn.read(batch.getVector("embedding"), 2);
            assertArrayEquals(new float[] {1, 1, 1, 1}, embeddings.at(1).toArray());
        });
    }

    @Test
    void aScanComesInManyBatchesInOrderOfInsertion() throws Exception {
        load(0, 20, 1000);
        List<String> ids = new ArrayList<>();
        scan("{\"collection\":\"arrows\",\"offset\":10,\"limit\":15000}", batch -> {
            for (int row = 0; row < batch.getRowCount(); row++) {
                ids.add(text(batch, "id", row));
            }
        });
        assertEquals(IntStream.range(10, 15010).mapToObj(i -> "r" + i).toList(), ids);
    }

    @Test
    void aScanTakesAFilterAndTheColumnsAsked() throws Exception {
        load(0, 1, 100);
        scan("{\"collection\":\"arrows\",\"include\":[],\"where\":{\"#id\":{\"$in\":[\"r7\",\"r3\"]}}}", batch -> {
            assertEquals(List.of("id"), names(batch));
            assertEquals("r3", text(batch, "id", 0));
            assertEquals("r7", text(batch, "id", 1));
            assertEquals(2, batch.getRowCount());
        });
    }

    @Test
    void aScanShowsOneViewWhateverIsWrittenMeanwhile() throws Exception {
        load(0, 20, 1000);
        List<String> ids = new ArrayList<>();
        try (FlightStream records =
                server.client.getStream(ticket("{\"collection\":\"arrows\",\"include\":[\"embeddings\"]}"))) {
            while (records.next()) {
                VectorSchemaRoot batch = records.getRoot();
                EmbeddingColumn embeddings = EmbeddingColumn.read(batch.getVector("embedding"), batch.getRowCount());
                for (int row = 0; row < batch.getRowCount(); row++) {
                    ids.add(text(batch, "id", row));
                    assertEquals(ids.size() - 1, embeddings.at(row).at(0));
                }
                changeEverything(ids.size());
            }
        }
        assertEquals(IntStream.range(0, 20_000).mapToObj(i -> "r" + i).toList(), ids);
        awaitNoViewIsHeld();
    }

    @Test
    void aReaderThatGoesGivesItsViewBack() throws Exception {
        load(0, 20, 1000);
        try (FlightStream records = server.client.getStream(ticket("{\"collection\":\"arrows\"}"))) {
            assertTrue(records.next());
            records.cancel("enough", null);
        }
        awaitNoViewIsHeld();
    }

    private void changeEverything(int seen) {
        CollectionId collection = server.catalog
                .collection("default_tenant", "default_database", "arrows")
                .blockOptional()
                .orElseThrow()
                .id();
        List<Operation> changes = IntStream.range(0, 100)
                .mapToObj(i -> seen % 2 == 0
                        ? new Operation.Delete("r" + (seen + i))
                        : (Operation) new Operation.Update(new RecordPatch(
                                "r" + (seen + i), Embedding.of(-1, -1, -1, -1), null, null, MetadataPatch.NONE)))
                .toList();
        LogOffset offset =
                server.log.append(collection, changes).blockOptional().orElseThrow();
        server.executor.awaitApplied(collection, offset).block();
    }

    private void awaitNoViewIsHeld() {
        while (server.executor.stats().pinnedViews() > 0) {
            Thread.onSpinWait();
        }
    }

    @Test
    void aReaderThatStopsIsNotBufferedForWithoutBound() throws Exception {
        try (Upload upload = upload(ARROWS, Upload.ID, Upload.embedding(1024))) {
            for (int i = 0; i < 20; i++) {
                upload.fill(i * 1000, 1000);
                upload.send();
            }
            upload.finish();
        }
        try (FlightStream records = server.client.getStream(ticket("{\"collection\":\"arrows\"}"))) {
            assertTrue(records.next());
            long held = bytesAtRest();
            assertTrue(held < (20L << 20), () -> held + " bytes are held for a reader that stopped");
            int rows = records.getRoot().getRowCount();
            while (records.next()) {
                rows += records.getRoot().getRowCount();
            }
            assertEquals(20_000, rows);
        }
    }

    /** What is held when it no longer changes: all that was asked for, or as much as there may be. */
    private long bytesAtRest() throws InterruptedException {
        long before;
        long now = server.memory.usedBytes();
        do {
            before = now;
            Thread.sleep(200); // between two looks, for nothing tells when a sender has stopped
            now = server.memory.usedBytes();
        } while (now != before);
        return now;
    }
}

package io.quiver.flight.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.quiver.log.record.LogOffset;
import io.quiver.log.record.MetadataPatch;
import io.quiver.log.record.MetadataValue;
import io.quiver.log.record.Operation;
import io.quiver.log.record.RecordPatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.FlightStatusCode;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.ListVector;
import org.junit.jupiter.api.Test;

@SuppressWarnings("try") // Arrow's streams throw what they like when they are closed
class ChangeFeedTest extends FlightServerTest {
    @Test
    void operationsComeInTheOrderOfTheLogWithTheirOffsets() throws Exception {
        server.create("others");
        load(0, 3, 10);
        write(
                new Operation.Update(new RecordPatch(
                        "r1",
                        null,
                        "a document",
                        null,
                        new MetadataPatch(Map.of("n", new MetadataValue.Int(1)), Set.of("gone")))),
                new Operation.Delete("r2"));
        List<String> seen = new ArrayList<>();
        long end = feed("{\"collection\":\"arrows\",\"changes_after\":1}", batch -> {
            for (int row = 0; row < batch.getRowCount(); row++) {
                seen.add("%d %s %s %d"
                        .formatted(
                                offset(batch, row),
                                text(batch, "operation", row),
                                text(batch, "id", row),
                                ((ListVector) batch.getVector("embedding"))
                                        .getObject(row)
                                        .size()));
            }
            int last = batch.getRowCount() - 1;
            if (text(batch, "operation", last).equals("delete")) {
                assertEquals("a document", text(batch, "document", last - 1));
                assertEquals("{\"n\":1,\"gone\":null}", text(batch, "metadata", last - 1));
            }
        });
        List<String> expected = new ArrayList<>();
        for (int row = 10; row < 30; row++) {
            expected.add("%d upsert r%d %d".formatted(row / 10 + 1, row, DIMENSION));
        }
        expected.addAll(List.of("4 update r1 0", "4 delete r2 0"));
        assertEquals(expected, seen);
        assertEquals(4, end);
    }

    @Test
    void aFollowerSeesWhatIsWrittenLaterAndGoesOnWhereItStopped() throws Exception {
        load(0, 1, 10);
        long token;
        try (FlightStream changes = server.client.getStream(
                ticket("{\"collection\":\"arrows\",\"changes_after\":0,\"follow\":true,\"include\":[]}"))) {
            assertTrue(changes.next());
            assertEquals(1, token(changes));
            load(10, 1, 10);
            assertTrue(changes.next());
            assertEquals("r10", text(changes.getRoot(), "id", 0));
            token = token(changes);
            changes.cancel("enough", null);
        }
        load(20, 2, 10);
        List<Long> offsets = new ArrayList<>();
        feed("{\"collection\":\"arrows\",\"changes_after\":%d}".formatted(token), batch -> {
            for (int row = 0; row < batch.getRowCount(); row++) {
                offsets.add(offset(batch, row));
            }
        });
        assertEquals(LongStream.range(0, 20).map(i -> 3 + i / 10).boxed().toList(), offsets);
    }

    @Test
    void aFollowerThatStopsReadingIsNotBufferedForWithoutBound() throws Exception {
        try (FlightStream changes =
                server.client.getStream(ticket("{\"collection\":\"arrows\",\"changes_after\":0,\"follow\":true}"))) {
            try (Upload upload = upload(ARROWS, Upload.ID, Upload.embedding(1024))) {
                for (int i = 0; i < 20; i++) {
                    upload.fill(i * 1000, 1000);
                    upload.send();
                }
                upload.finish();
            }
            int rows = 0;
            while (rows < 20_000 && changes.next()) {
                rows += changes.getRoot().getRowCount();
                assertTrue(server.memory.usedBytes() < (40L << 20));
            }
            assertEquals(20_000, rows);
            changes.cancel("enough", null);
        }
    }

    @Test
    void changesThatTheLogHasDroppedAreRefused() throws Exception {
        load(0, 40, 1000);
        truncateLog();
        var gone = assertThrows(
                FlightRuntimeException.class, () -> feed("{\"collection\":\"arrows\",\"changes_after\":0}", _ -> {}));
        assertEquals(FlightStatusCode.INVALID_ARGUMENT, gone.status().code());
        String reason = gone.status().description();
        assertTrue(reason != null && reason.startsWith("changes after offset 0 are gone"), reason);
    }

    @Test
    void aQuietCollectionMissesNothingWhenTheLogDropsEntriesOfOthers() throws Exception {
        load(0, 1, 10);
        server.create("others");
        try (Upload upload = upload(FlightDescriptor.path("others"), Upload.ID, Upload.embedding(DIMENSION))) {
            for (int i = 0; i < 40; i++) {
                upload.fill(0, 1000);
                upload.send();
            }
            upload.finish();
        }
        truncateLog();
        List<String> ids = new ArrayList<>();
        String ticket = "{\"collection\":\"arrows\",\"changes_after\":1}";
        assertEquals(server.log.head().value(), feed(ticket, batch -> ids.add(text(batch, "id", 0))));
        assertEquals(List.of(), ids);
        load(10, 1, 10);
        var unsure = assertThrows(FlightRuntimeException.class, () -> feed(ticket, _ -> {}));
        assertEquals(FlightStatusCode.INVALID_ARGUMENT, unsure.status().code());
    }

    @Test
    void aFeedFromBeyondTheLogIsRefused() {
        var refusal = assertThrows(
                FlightRuntimeException.class, () -> feed("{\"collection\":\"arrows\",\"changes_after\":7}", _ -> {}));
        assertEquals("the log ends at offset 0, before 7", refusal.status().description());
    }

    @Test
    void droppingTheCollectionEndsItsFeed() {
        load(0, 1, 1);
        try (FlightStream changes =
                server.client.getStream(ticket("{\"collection\":\"arrows\",\"changes_after\":0,\"follow\":true}"))) {
            assertTrue(changes.next());
            server.catalog
                    .deleteCollection("default_tenant", "default_database", "arrows")
                    .block();
            var end = assertThrows(FlightRuntimeException.class, changes::next);
            assertEquals(FlightStatusCode.NOT_FOUND, end.status().code());
        } catch (Exception closed) {
            throw new AssertionError(closed);
        }
    }

    @Test
    void stoppingTheServerEndsFeeds() throws Exception {
        load(0, 1, 1);
        try (FlightStream changes =
                server.client.getStream(ticket("{\"collection\":\"arrows\",\"changes_after\":0,\"follow\":true}"))) {
            assertTrue(changes.next());
            server.stop();
            var end = assertThrows(FlightRuntimeException.class, () -> {
                while (changes.next()) {
                    assertEquals(0, changes.getRoot().getRowCount());
                }
            });
            assertEquals(FlightStatusCode.UNAVAILABLE, end.status().code());
        }
    }

    private void write(Operation... operations) {
        var collection = server.catalog
                .collection("default_tenant", "default_database", "arrows")
                .blockOptional()
                .orElseThrow();
        LogOffset offset = server.log
                .append(collection.id(), List.of(operations))
                .blockOptional()
                .orElseThrow();
        server.executor.awaitApplied(collection.id(), offset).block();
    }

    /** The log drops files in its own time. */
    private void truncateLog() {
        server.log.truncate(server.log.head());
        while (!server.log.truncatedThrough().isAfter(new LogOffset(1))) {
            Thread.onSpinWait();
        }
    }

    private interface Each {
        void accept(VectorSchemaRoot batch);
    }

    private long feed(String ticket, Each each) throws Exception {
        long token = -1;
        try (FlightStream changes = server.client.getStream(ticket(ticket))) {
            while (changes.next()) {
                if (changes.getRoot().getRowCount() > 0) {
                    each.accept(changes.getRoot());
                }
                token = token(changes);
            }
        }
        return token;
    }

    private static long token(FlightStream changes) throws Exception {
        ArrowBuf metadata = changes.getLatestMetadata();
        byte[] json = new byte[(int) metadata.readableBytes()];
        metadata.getBytes(0, json);
        JsonNode about = Command.JSON.readTree(json);
        return about.get("offset").longValue();
    }

    private static long offset(VectorSchemaRoot batch, int row) {
        return ((BigIntVector) batch.getVector("offset")).get(row);
    }
}

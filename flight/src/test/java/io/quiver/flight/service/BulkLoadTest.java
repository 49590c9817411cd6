package io.quiver.flight.service;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.quiver.flight.codec.EmbeddingColumn;
import io.quiver.log.record.LogOffset;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.FlightStatusCode;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.junit.jupiter.api.Test;

@SuppressWarnings("try") // Arrow's streams throw what they like when they are closed
class BulkLoadTest extends FlightServerTest {
    @Test
    void eachBatchIsOneEntryOfTheLogAndAcknowledgedInOrder() {
        List<JsonNode> acknowledged = load(0, 5, 100);
        assertEquals(5, acknowledged.size());
        List<Long> offsets = acknowledged.stream()
                .map(each -> each.get("offset").longValue())
                .toList();
        assertEquals(offsets.stream().sorted().distinct().toList(), offsets);
        acknowledged.forEach(each -> assertEquals(100, each.get("rows").intValue()));
        assertEquals(new LogOffset(offsets.getLast()), server.log.head());
        assertEquals(500, info().getRecords());
    }

    @Test
    void typedColumnsAreMetadata() throws Exception {
        try (Upload upload = upload(
                ARROWS,
                Upload.ID,
                Upload.embedding(DIMENSION),
                field("count", new ArrowType.Int(64, true)),
                field("weight", new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE)),
                field("isRed", ArrowType.Bool.INSTANCE),
                text("name"))) {
            upload.fill(0, 2);
            ((BigIntVector) upload.column("count")).setSafe(0, 42);
            ((Float8Vector) upload.column("weight")).setSafe(0, 0.5);
            ((BitVector) upload.column("isRed")).setSafe(0, 1);
            upload.text("name", 1, "arrow");
            upload.send();
            upload.finish();
        }
        scan("{\"collection\":\"arrows\",\"include\":[\"metadatas\"]}", batch -> {
            assertEquals("{\"count\":42,\"weight\":0.5,\"isRed\":true}", text(batch, "metadata", 0));
            assertEquals("{\"name\":\"arrow\"}", text(batch, "metadata", 1));
        });
    }

    @Test
    void documentsGetTheVectorsThatTheSchemaAsksFor() throws Exception {
        server.create("words", """
                {"defaults":{},"keys":{"bm25":{"sparse_vector":{"sparse_vector_index":
                 {"enabled":true,"config":{"source_key":"#document","bm25":true}}}}}}""");
        FlightDescriptor words = command("{\"collection\":\"words\"}");
        try (Upload upload = upload(words, Upload.ID, Upload.embedding(DIMENSION), text("document"))) {
            upload.fill(0, 2);
            upload.text("document", 0, "Hello");
            upload.send();
            upload.finish();
        }
        scan("{\"collection\":\"words\",\"include\":[\"metadatas\"]}", batch -> {
            assertEquals(
                    "{\"bm25\":{\"#type\":\"sparse_vector\",\"indices\":[613153351],\"values\":[1.6877434]}}",
                    text(batch, "metadata", 0));
            assertTrue(batch.getVector("metadata").isNull(1));
        });
    }

    @Test
    void aLaterBatchOfTheSameUploadWins() throws Exception {
        try (Upload upload = upload(ARROWS, Upload.ID, Upload.embedding(DIMENSION), text("document"))) {
            for (int i = 0; i < 200; i++) {
                upload.fill(0, 3);
                upload.text("document", 0, "version " + i);
                upload.send();
            }
            assertEquals(200, upload.finish().size());
        }
        scan("{\"collection\":\"arrows\"}", batch -> {
            assertEquals(3, batch.getRowCount());
            assertEquals("version 199", text(batch, "document", 0));
        });
    }

    @Test
    void addKeepsWhatIsThere() throws Exception {
        load(0, 1, 1);
        try (Upload upload = upload(
                command("{\"collection\":\"arrows\",\"operation\":\"add\"}"), Upload.ID, Upload.embedding(DIMENSION))) {
            upload.fill(0, 1);
            upload.embedding(0, 99);
            upload.send();
            upload.finish();
        }
        scan(
                "{\"collection\":\"arrows\"}",
                batch -> assertArrayEquals(
                        new float[DIMENSION],
                        EmbeddingColumn.read(batch.getVector("embedding"), 1)
                                .at(0)
                                .toArray()));
    }

    @Test
    void aBadBatchIsRefusedByItsRowAndThoseBeforeStay() {
        assertRefused("row 3: 'id' is empty", upload -> upload.text("id", 3, ""));
        assertRefused(
                "row 5: 'embedding' is null",
                upload -> upload.column("embedding").setNull(5));
        assertRefused(
                "row 2: 'embedding' has a null at 1", upload -> values(upload).setNull(2 * DIMENSION + 1));
        assertRefused(
                "row 9: 'embedding' holds a value that is infinite or not a number",
                upload -> upload.embedding(9, Float.NaN));
        assertEquals(10, info().getRecords());
    }

    @Test
    void aBatchOfAnotherDimensionIsRefused() {
        load(0, 1, 10);
        try (Upload upload = upload(ARROWS, Upload.ID, Upload.embedding(DIMENSION + 1))) {
            upload.fill(0, 1);
            upload.send();
            var refusal = assertThrows(FlightRuntimeException.class, upload::finish);
            assertEquals(FlightStatusCode.INVALID_ARGUMENT, refusal.status().code());
            assertEquals(
                    "row 0: 'embedding' has dimension 5, the collection has 4",
                    refusal.status().description());
        }
    }

    @Test
    void columnsThatAreMissingOrOfAnotherTypeAreRefused() {
        assertSchemaRefused("there is no column 'embedding'", Upload.ID);
        assertSchemaRefused("there is no column 'id'", Upload.embedding(DIMENSION));
        assertSchemaRefused(
                "column 'embedding' must be a list of float32, float16 or int8, not Utf8",
                Upload.ID,
                text("embedding"));
        assertSchemaRefused(
                "column 'day' must be bool, int64, float64 or utf8, not Date(DAY)",
                Upload.ID,
                Upload.embedding(DIMENSION),
                field("day", new ArrowType.Date(org.apache.arrow.vector.types.DateUnit.DAY)));
    }

    @Test
    void theRecordLimitsHoldForUploadsToo() {
        try (Upload upload = upload(ARROWS, Upload.ID, Upload.embedding(DIMENSION))) {
            upload.fill(0, 1);
            upload.text("id", 0, "x".repeat(5000));
            upload.send();
            var refusal = assertThrows(FlightRuntimeException.class, upload::finish);
            assertEquals(FlightStatusCode.INVALID_ARGUMENT, refusal.status().code());
        }
    }

    @Test
    void aMessageLargerThanTheLimitIsRefused() {
        try (Upload upload = upload(ARROWS, Upload.ID, Upload.embedding(1 << 16))) {
            upload.fill(0, 300);
            upload.send();
            assertThrows(FlightRuntimeException.class, upload::finish);
        }
        assertEquals(0, info().getRecords());
    }

    @Test
    void anUnknownCollectionIsNotFound() {
        try (Upload upload = upload(FlightDescriptor.path("nowhere"), Upload.ID, Upload.embedding(DIMENSION))) {
            var refusal = assertThrows(FlightRuntimeException.class, upload::finish);
            assertEquals(FlightStatusCode.NOT_FOUND, refusal.status().code());
        }
        var refusal = assertThrows(
                FlightRuntimeException.class, () -> server.client.getInfo(FlightDescriptor.path("nowhere")));
        assertEquals(FlightStatusCode.NOT_FOUND, refusal.status().code());
    }

    @Test
    void manyUploadsRunAtOnce() throws Exception {
        load(0, 1, 1);
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<List<JsonNode>>> uploads = IntStream.range(0, 8)
                    .mapToObj(i -> threads.submit(() -> load(1000 * i, 10, 100)))
                    .toList();
            for (Future<List<JsonNode>> upload : uploads) {
                assertEquals(10, upload.get().size());
            }
        }
        assertEquals(8000, info().getRecords());
    }

    private void assertRefused(String reason, Consumer<Upload> damage) {
        try (Upload upload = upload(ARROWS, Upload.ID, Upload.embedding(DIMENSION))) {
            upload.fill(0, 10);
            upload.send();
            upload.fill(100, 10);
            damage.accept(upload);
            upload.send();
            var refusal = assertThrows(FlightRuntimeException.class, upload::finish);
            assertEquals(FlightStatusCode.INVALID_ARGUMENT, refusal.status().code());
            assertEquals(reason, refusal.status().description());
            assertEquals(1, upload.acknowledged().size());
        }
    }

    private void assertSchemaRefused(String reason, Field... fields) {
        try (Upload upload = upload(ARROWS, fields)) {
            upload.column(fields[0].getName()).allocateNew();
            upload.send();
            var refusal = assertThrows(FlightRuntimeException.class, upload::finish);
            assertEquals(reason, refusal.status().description());
        }
    }

    private static Float4Vector values(Upload upload) {
        return (Float4Vector) ((FixedSizeListVector) upload.column("embedding")).getDataVector();
    }
}

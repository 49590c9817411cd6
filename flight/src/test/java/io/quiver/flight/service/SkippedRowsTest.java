package io.quiver.flight.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.vector.types.pojo.Field;
import org.junit.jupiter.api.Test;

/** Uploads that leave bad rows out and say which. */
class SkippedRowsTest extends FlightServerTest {
    @Test
    void badRowsAreNamedAndTheOthersAreWritten() throws Exception {
        try (Upload upload = skipping(Upload.ID, Upload.embedding(DIMENSION), text("metadata"), text("document"))) {
            upload.fill(0, 10);
            upload.send();
            upload.ids(10, SkippedRowsTest::id);
            for (int row = 0; row < 10; row++) {
                upload.embedding(row, row == 2 ? Float.POSITIVE_INFINITY : row);
            }
            upload.column("embedding").setNull(3);
            upload.text("metadata", 4, "{\"n\":");
            upload.text("metadata", 5, "{\"#reserved\":1}");
            upload.sendRows(10);
            upload.fill(20, 10);
            upload.send();
            List<JsonNode> acknowledged = upload.finish();
            assertEquals(3, acknowledged.size());
            assertFalse(acknowledged.get(0).has("errors"));
            assertFalse(acknowledged.get(2).has("refused"));
            JsonNode second = acknowledged.get(1);
            assertEquals(4, second.get("rows").intValue());
            assertEquals(6, second.get("refused").intValue());
            assertReasons(
                    second.get("errors"),
                    "'id' is empty",
                    "Invalid ID at index 1: 5000 bytes are more than the limit of 1024",
                    "'embedding' holds a value that is infinite or not a number",
                    "'embedding' is null",
                    "metadata are not JSON",
                    "Invalid metadata at index 5");
        }
        List<String> ids = new ArrayList<>();
        scan(
                "{\"collection\":\"arrows\",\"include\":[]}",
                batch -> IntStream.range(0, batch.getRowCount()).forEach(row -> ids.add(text(batch, "id", row))));
        assertEquals(
                IntStream.range(0, 30)
                        .filter(i -> i < 10 || i >= 16)
                        .mapToObj(i -> "r" + i)
                        .toList(),
                ids);
    }

    @Test
    void aBatchWithoutAGoodRowIsAcknowledgedAndItsReasonsAreBounded() {
        load(0, 1, 1);
        try (Upload upload = skipping(Upload.ID, Upload.embedding(DIMENSION + 1))) {
            upload.fill(0, 5_000);
            upload.send();
            JsonNode only = upload.finish().getFirst();
            assertEquals(0, only.get("rows").intValue());
            assertEquals(5_000, only.get("refused").intValue());
            assertEquals(RowFaults.NAMED_MAX, only.get("errors").size());
        }
        assertEquals(1, info().getRecords());
    }

    @Test
    void theFirstGoodRowGivesACollectionItsDimension() {
        try (Upload upload = skipping(Upload.ID, Upload.embedding(DIMENSION))) {
            upload.fill(0, 3);
            upload.embedding(0, Float.NaN);
            upload.send();
            assertEquals(2, upload.finish().getFirst().get("rows").intValue());
        }
        assertEquals(2, info().getRecords());
    }

    @Test
    void aWrongModeIsRefused() {
        try (Upload upload = upload(
                command("{\"collection\":\"arrows\",\"on_error\":\"ignore\"}"),
                Upload.ID,
                Upload.embedding(DIMENSION))) {
            var refusal = assertThrows(FlightRuntimeException.class, upload::finish);
            assertEquals(
                    "'on_error' must be stop or skip, not ignore",
                    refusal.status().description());
        }
    }

    private static String id(int row) {
        return switch (row) {
            case 0 -> "";
            case 1 -> "x".repeat(5000);
            default -> "r" + (10 + row);
        };
    }

    private Upload skipping(Field... fields) {
        return upload(command("{\"collection\":\"arrows\",\"on_error\":\"skip\"}"), fields);
    }

    private static void assertReasons(JsonNode errors, String... beginnings) {
        assertEquals(beginnings.length, errors.size());
        for (int i = 0; i < beginnings.length; i++) {
            assertEquals(i, errors.get(i).get("row").intValue());
            String reason = errors.get(i).get("reason").textValue();
            assertEquals(beginnings[i], reason.substring(0, Math.min(beginnings[i].length(), reason.length())));
        }
    }
}

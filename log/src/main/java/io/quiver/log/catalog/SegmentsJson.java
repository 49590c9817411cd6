package io.quiver.log.catalog;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import io.quiver.log.catalog.Manifest.Segment;
import java.io.IOException;
import java.util.List;

/** A manifest's segments as the catalog stores them: a JSON array of objects named as the record's parts are. */
final class SegmentsJson {
    private SegmentsJson() {}

    static String write(List<Segment> segments) {
        return StoredJson.write(out -> {
            out.writeStartArray();
            for (Segment segment : segments) {
                write(out, segment);
            }
            out.writeEndArray();
        });
    }

    /** Throws {@link IllegalArgumentException} for what {@link #write} did not write. */
    static List<Segment> read(String json) {
        JsonNode array = StoredJson.read(json);
        if (!array.isArray()) {
            throw new IllegalArgumentException("segments are not a JSON array");
        }
        return array.valueStream().map(SegmentsJson::read).toList();
    }

    private static void write(JsonGenerator out, Segment segment) throws IOException {
        out.writeStartObject();
        out.writeStringField("name", segment.name());
        out.writeNumberField("rowCount", segment.rowCount());
        out.writeNumberField("sizeBytes", segment.sizeBytes());
        if (segment.tombstones() != null) {
            out.writeStringField("tombstones", segment.tombstones());
        }
        out.writeNumberField("deletedCount", segment.deletedCount());
        out.writeEndObject();
    }

    private static Segment read(JsonNode segment) {
        return new Segment(
                part(segment, "name").textValue(),
                part(segment, "rowCount").intValue(),
                part(segment, "sizeBytes").longValue(),
                segment.path("tombstones").textValue(),
                part(segment, "deletedCount").intValue());
    }

    private static JsonNode part(JsonNode segment, String name) {
        JsonNode value = segment.get(name);
        if (value == null) {
            throw new IllegalArgumentException("a segment without " + name);
        }
        return value;
    }
}

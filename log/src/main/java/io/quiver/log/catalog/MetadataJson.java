package io.quiver.log.catalog;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import io.quiver.log.record.Metadata;
import io.quiver.log.record.MetadataValue;
import io.quiver.log.record.MetadataValue.Array;
import io.quiver.log.record.MetadataValue.Bool;
import io.quiver.log.record.MetadataValue.Int;
import io.quiver.log.record.MetadataValue.Real;
import io.quiver.log.record.MetadataValue.Scalar;
import io.quiver.log.record.MetadataValue.Text;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** A collection's metadata as the catalog stores it: a JSON object, in which 1 and 1.0 stay different. */
final class MetadataJson {
    private MetadataJson() {}

    static String write(Metadata metadata) {
        return StoredJson.write(out -> {
            out.writeStartObject();
            for (Map.Entry<String, MetadataValue> field : metadata.fields().entrySet()) {
                out.writeFieldName(field.getKey());
                writeValue(out, field.getValue());
            }
            out.writeEndObject();
        });
    }

    /** Throws {@link IllegalArgumentException} for what {@link #write} did not write. */
    static Metadata read(String json) {
        JsonNode object = StoredJson.read(json);
        if (!object.isObject()) {
            throw new IllegalArgumentException("metadata is not a JSON object");
        }
        Map<String, MetadataValue> fields = new LinkedHashMap<>();
        object.forEachEntry((key, value) -> fields.put(key, readValue(value)));
        return new Metadata(fields);
    }

    private static void writeValue(JsonGenerator out, MetadataValue value) throws IOException {
        switch (value) {
            case Bool(boolean truth) -> out.writeBoolean(truth);
            case Int(long number) -> out.writeNumber(number);
            case Real(double number) -> out.writeNumber(number);
            case Text(String text) -> out.writeString(text);
            case Array(var values) -> {
                out.writeStartArray();
                for (Scalar element : values) {
                    writeValue(out, element);
                }
                out.writeEndArray();
            }
        }
    }

    private static MetadataValue readValue(JsonNode node) {
        return node.isArray()
                ? new Array(node.valueStream().map(MetadataJson::readScalar).toList())
                : readScalar(node);
    }

    private static Scalar readScalar(JsonNode node) {
        return switch (node.getNodeType()) {
            case BOOLEAN -> new Bool(node.booleanValue());
            case STRING -> new Text(node.textValue());
            case NUMBER -> node.isIntegralNumber() ? new Int(node.longValue()) : new Real(node.doubleValue());
            case NULL, MISSING, ARRAY, OBJECT, BINARY, POJO ->
                throw new IllegalArgumentException("not a metadata value: " + node.getNodeType());
        };
    }
}

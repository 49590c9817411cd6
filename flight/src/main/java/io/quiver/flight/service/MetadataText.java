package io.quiver.flight.service;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quiver.log.record.Metadata;
import io.quiver.log.record.MetadataPatch;
import io.quiver.log.record.MetadataValue;
import io.quiver.log.record.MetadataValue.Array;
import io.quiver.log.record.MetadataValue.Bool;
import io.quiver.log.record.MetadataValue.Int;
import io.quiver.log.record.MetadataValue.Real;
import io.quiver.log.record.MetadataValue.Scalar;
import io.quiver.log.record.MetadataValue.Text;
import io.quiver.log.record.QuiverException;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** Metadata as a JSON object in one text, in which 1 and 1.0 stay different. */
final class MetadataText {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private MetadataText() {}

    static String write(Metadata metadata) {
        ObjectNode object = NODES.objectNode();
        metadata.fields().forEach((key, value) -> object.set(key, node(value)));
        return object.toString();
    }

    /** A field that is null is to be removed. */
    static MetadataPatch read(String json) {
        try {
            return read(Command.JSON.readTree(json));
        } catch (IOException e) {
            throw QuiverException.invalid("metadata are not JSON");
        }
    }

    static MetadataPatch read(JsonNode object) {
        if (!object.isObject()) {
            throw QuiverException.invalid("metadata must be a JSON object");
        }
        Map<String, MetadataValue> set = new LinkedHashMap<>();
        Set<String> removed = new LinkedHashSet<>();
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            if (field.getValue().isNull()) {
                removed.add(field.getKey());
            } else {
                set.put(field.getKey(), value(field.getKey(), field.getValue()));
            }
        }
        return new MetadataPatch(set, removed);
    }

    private static MetadataValue value(String key, JsonNode node) {
        try {
            return node.isArray()
                    ? new Array(node.valueStream()
                            .map(element -> scalar(key, element))
                            .toList())
                    : scalar(key, node);
        } catch (IllegalArgumentException e) {
            throw QuiverException.invalid("metadata '%s': %s".formatted(key, e.getMessage()));
        }
    }

    private static Scalar scalar(String key, JsonNode node) {
        if (node.isTextual()) {
            return new Text(node.textValue());
        }
        if (node.isBoolean()) {
            return new Bool(node.booleanValue());
        }
        if (node.isIntegralNumber() && node.canConvertToLong()) {
            return new Int(node.longValue());
        }
        if (node.isFloatingPointNumber()) {
            return new Real(node.doubleValue());
        }
        throw QuiverException.invalid(
                "metadata '%s' must be true, false, a 64-bit integer, a number, a string or an array of one of these"
                        .formatted(key));
    }

    private static JsonNode node(MetadataValue value) {
        return switch (value) {
            case Bool(boolean truth) -> NODES.booleanNode(truth);
            case Int(long number) -> NODES.numberNode(number);
            case Real(double number) -> NODES.numberNode(number);
            case Text(String text) -> NODES.textNode(text);
            case Array(var values) -> {
                ArrayNode array = NODES.arrayNode();
                values.forEach(element -> array.add(node(element)));
                yield array;
            }
        };
    }
}

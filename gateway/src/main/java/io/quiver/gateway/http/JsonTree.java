package io.quiver.gateway.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.quiver.log.record.QuiverException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A value inside a small body that was read as a whole, and where it is. Each reading refuses JSON of another type than
 * it wants, with the path.
 */
record JsonTree(JsonNode node, String path) {
    private static final int SHOWN_LENGTH_MAX = 64;
    private static final long U32_MAX = 0xFFFF_FFFFL;

    /** A field of this object; {@code null} where it is absent or null. */
    @Nullable JsonTree get(String name) {
        JsonNode value = object().node.get(name);
        return value == null || value.isNull() ? null : new JsonTree(value, path + "." + name);
    }

    JsonTree required(String name) {
        JsonNode value = object().node.get(name);
        if (value == null) {
            throw BadBody.shape("%s: missing field `%s`".formatted(path, name));
        }
        return new JsonTree(value, path + "." + name);
    }

    /** The name of the one field of this object, and its value. */
    Map.Entry<String, JsonTree> onlyField() {
        if (object().node.size() != 1) {
            throw BadBody.shape(
                    "%s: invalid length %d, expected an object with one field".formatted(path, node.size()));
        }
        Map.Entry<String, JsonNode> only = node.properties().iterator().next();
        return Map.entry(only.getKey(), new JsonTree(only.getValue(), path + "." + only.getKey()));
    }

    JsonTree object() {
        if (!node.isObject()) {
            throw wrongType("a map");
        }
        return this;
    }

    List<JsonTree> elements() {
        if (!node.isArray()) {
            throw wrongType("a sequence");
        }
        List<JsonTree> elements = new ArrayList<>(node.size());
        node.forEach(element -> elements.add(new JsonTree(element, path + "[" + elements.size() + "]")));
        return elements;
    }

    List<String> texts() {
        return elements().stream().map(JsonTree::text).toList();
    }

    String text() {
        if (!node.isTextual()) {
            throw wrongType("a string");
        }
        return node.textValue();
    }

    boolean truth() {
        if (!node.isBoolean()) {
            throw wrongType("a boolean");
        }
        return node.booleanValue();
    }

    /** A number that is finite as a float. */
    float number() {
        if (!node.isNumber()) {
            throw wrongType("f32");
        }
        float number = node.floatValue();
        if (!Float.isFinite(number)) {
            throw QuiverException.invalid(
                    "Validation error: %s: Expected a finite number, got %s".formatted(path, shortened(node.asText())));
        }
        return number;
    }

    /** The numbers of this array. */
    float[] numbers() {
        List<JsonTree> elements = elements();
        float[] numbers = new float[elements.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = elements.get(i).number();
        }
        return numbers;
    }

    /** An unsigned number of 32 bits, as those bits. */
    int bits() {
        if (!node.isIntegralNumber()) {
            throw wrongType("u32");
        }
        if (!node.canConvertToLong() || node.longValue() < 0 || node.longValue() > U32_MAX) {
            throw BadBody.shape("%s: invalid value: %s, expected u32".formatted(path, shown()));
        }
        return (int) node.longValue();
    }

    /** An unsigned number of 32 bits; what is above the largest int is that. */
    int count() {
        int bits = bits();
        return bits < 0 ? Integer.MAX_VALUE : bits;
    }

    QuiverException wrongType(String expected) {
        return BadBody.shape("%s: invalid type: %s, expected %s".formatted(path, shown(), expected));
    }

    /** Refuses a name that is none of those which {@code expected} lists. */
    QuiverException unknownVariant(String name, String expected) {
        return BadBody.shape("%s: unknown variant `%s`, expected one of %s".formatted(path, shortened(name), expected));
    }

    private String shown() {
        return switch (node.getNodeType()) {
            case STRING -> "string \"" + shortened(node.textValue()) + "\"";
            case NUMBER ->
                (node.isIntegralNumber() ? "integer `" : "floating point `") + shortened(node.asText()) + "`";
            case BOOLEAN -> "boolean `" + node.booleanValue() + "`";
            case ARRAY -> "sequence";
            case OBJECT -> "map";
            case NULL, MISSING, BINARY, POJO -> "null";
        };
    }

    private static String shortened(String text) {
        return BadBody.shortened(text, SHOWN_LENGTH_MAX);
    }
}

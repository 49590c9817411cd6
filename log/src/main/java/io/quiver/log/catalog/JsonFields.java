package io.quiver.log.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.QuiverException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one JSON object, read strictly: what has the wrong shape is refused as
 * {@link ErrorCode#UNPROCESSABLE} with the path to it. A field that is {@code null} counts as absent.
 *
 * <p>A value of one read; belongs to one thread.
 */
final class JsonFields {
    private static final int SHOWN_LENGTH_MAX = 64;

    private final String path;
    private final JsonNode object;

    private JsonFields(String path, JsonNode object) {
        this.path = path;
        this.object = object;
    }

    /** {@code node} as an object, {@code path} being where it was found. */
    static JsonFields of(String path, JsonNode node) {
        if (!node.isObject()) {
            throw unprocessable(path, "invalid type: %s, expected a map".formatted(shown(node)));
        }
        return new JsonFields(path, node);
    }

    static QuiverException unprocessable(String path, String problem) {
        return new QuiverException(
                ErrorCode.UNPROCESSABLE,
                "Failed to deserialize the JSON body into the target type: %s: %s".formatted(path, problem));
    }

    /** Refuses every field that is not among {@code known}. */
    JsonFields only(String... known) {
        List<String> names = List.of(known);
        for (String name : names()) {
            if (!names.contains(name)) {
                throw unprocessable(
                        at(name), "unknown field `%s`, expected %s".formatted(shorten(name), alternatives(names)));
            }
        }
        return this;
    }

    Collection<String> names() {
        return object.propertyStream().map(Map.Entry::getKey).toList();
    }

    String at(String name) {
        return path + "." + shorten(name);
    }

    /** The object itself. */
    JsonNode json() {
        return object;
    }

    @Nullable JsonFields fields(String name) {
        JsonNode node = node(name);
        return node == null ? null : of(at(name), node);
    }

    JsonFields requiredFields(String name) {
        return of(at(name), required(name));
    }

    /** The field by its name or, where that is absent, by its other one; both together are refused. */
    @Nullable JsonFields fields(String name, String alias) {
        if (object.has(name) && object.has(alias)) {
            throw unprocessable(path, "duplicate field `%s`".formatted(name));
        }
        return fields(object.has(alias) ? alias : name);
    }

    @Nullable Integer integer(String name) {
        JsonNode node = node(name);
        if (node == null) {
            return null;
        }
        if (!node.isIntegralNumber()) {
            throw wrongType(name, node, "usize");
        }
        if (!node.canConvertToInt() || node.intValue() < 0) {
            throw unprocessable(at(name), "invalid value: %s, expected usize".formatted(shown(node)));
        }
        return node.intValue();
    }

    @Nullable Double number(String name) {
        JsonNode node = node(name);
        if (node == null) {
            return null;
        }
        if (!node.isNumber()) {
            throw wrongType(name, node, "f64");
        }
        return node.doubleValue();
    }

    @Nullable Boolean truth(String name) {
        JsonNode node = node(name);
        if (node == null) {
            return null;
        }
        if (!node.isBoolean()) {
            throw wrongType(name, node, "a boolean");
        }
        return node.booleanValue();
    }

    boolean requiredTruth(String name) {
        Boolean truth = truth(name);
        if (truth == null) {
            throw missing(name);
        }
        return truth;
    }

    @Nullable String text(String name) {
        JsonNode node = node(name);
        if (node == null) {
            return null;
        }
        if (!node.isTextual()) {
            throw wrongType(name, node, "a string");
        }
        return node.textValue();
    }

    String requiredText(String name) {
        String text = text(name);
        if (text == null) {
            throw missing(name);
        }
        return text;
    }

    JsonNode required(String name) {
        JsonNode node = object.get(name);
        if (node == null) {
            throw missing(name);
        }
        return node;
    }

    /** A text that is one of {@code variants}. */
    @Nullable String variant(String name, String... variants) {
        return choice(name, List.of(variants), variant -> variant);
    }

    @Nullable Space space(String name) {
        return choice(name, List.of(Space.values()), Space::wireName);
    }

    private <T> @Nullable T choice(String name, List<T> choices, Function<T, String> wireName) {
        String text = text(name);
        if (text == null) {
            return null;
        }
        for (T choice : choices) {
            if (wireName.apply(choice).equals(text)) {
                return choice;
            }
        }
        throw unprocessable(
                at(name),
                "unknown variant `%s`, expected %s"
                        .formatted(
                                shorten(text),
                                alternatives(choices.stream().map(wireName).toList())));
    }

    private @Nullable JsonNode node(String name) {
        JsonNode node = object.get(name);
        return node == null || node.isNull() ? null : node;
    }

    private QuiverException missing(String name) {
        return unprocessable(path, "missing field `%s`".formatted(name));
    }

    private QuiverException wrongType(String name, JsonNode node, String expected) {
        return unprocessable(at(name), "invalid type: %s, expected %s".formatted(shown(node), expected));
    }

    private static String alternatives(List<String> names) {
        if (names.isEmpty()) {
            return "none";
        }
        String quoted = names.stream().map(name -> "`" + name + "`").collect(Collectors.joining(", "));
        return names.size() == 1 ? quoted : "one of " + quoted;
    }

    private static String shown(JsonNode node) {
        return switch (node.getNodeType()) {
            case STRING -> "string \"" + shorten(node.textValue()) + "\"";
            case NUMBER -> (node.isIntegralNumber() ? "integer `" : "floating point `") + shorten(node.asText()) + "`";
            case BOOLEAN -> "boolean `" + node.booleanValue() + "`";
            case ARRAY -> "sequence";
            case OBJECT -> "map";
            case NULL, MISSING -> "null";
            case BINARY, POJO -> "value";
        };
    }

    private static String shorten(String text) {
        String start = text.length() <= SHOWN_LENGTH_MAX ? text : text.substring(0, SHOWN_LENGTH_MAX) + "...";
        return start.replaceAll("[\\p{Cntrl}\\p{Cs}]", "\uFFFD");
    }
}

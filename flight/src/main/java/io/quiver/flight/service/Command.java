package io.quiver.flight.service;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.quiver.executor.query.Filter;
import io.quiver.executor.query.FilterJson;
import io.quiver.executor.query.Projection;
import io.quiver.executor.query.QueryLimits;
import io.quiver.executor.query.SearchEffort;
import io.quiver.log.record.Embedding;
import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.QuiverException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The JSON object in a descriptor, a ticket or an action. Refuses unknown fields and values of another kind. */
final class Command {
    static final ObjectMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(100)
                            .maxNumberLength(100)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private static final int BYTES_MAX = 8 << 20;
    private static final Set<String> PARTS = Set.of("documents", "embeddings", "metadatas", "uris", "distances");

    private final JsonNode fields;

    private Command(JsonNode fields) {
        this.fields = fields;
    }

    /** Reads an object with no other fields than {@code known}; no bytes at all are an empty one. */
    static Command read(byte[] json, String... known) {
        Command command = readAny(json);
        command.allow(known);
        return command;
    }

    /** Reads an object of which is found out later which fields it may have. */
    static Command readAny(byte[] json) {
        if (json.length > BYTES_MAX) {
            throw new QuiverException(
                    ErrorCode.PAYLOAD_TOO_LARGE, "a command must not exceed %d bytes".formatted(BYTES_MAX));
        }
        JsonNode fields = json.length == 0 ? JSON.createObjectNode() : parse(json);
        if (!fields.isObject()) {
            throw QuiverException.invalid("a command must be a JSON object");
        }
        return new Command(fields);
    }

    /** Refuses other fields than these. */
    void allow(String... known) {
        Set<String> unknown = new LinkedHashSet<>();
        fields.fieldNames().forEachRemaining(unknown::add);
        unknown.removeAll(Set.of(known));
        if (!unknown.isEmpty()) {
            throw QuiverException.invalid("unknown field '%s'; there are %s"
                    .formatted(unknown.iterator().next(), String.join(", ", known)));
        }
    }

    static byte[] write(JsonNode json) {
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }

    @Nullable String text(String key) {
        JsonNode value = node(key);
        if (value == null || value.isTextual()) {
            return value == null ? null : value.textValue();
        }
        throw wrong(key, "a string");
    }

    String text(String key, String otherwise) {
        String text = text(key);
        return text == null ? otherwise : text;
    }

    boolean flag(String key) {
        JsonNode value = node(key);
        if (value == null || value.isBoolean()) {
            return value != null && value.booleanValue();
        }
        throw wrong(key, "true or false");
    }

    long number(String key, long otherwise, long min, long max) {
        JsonNode value = node(key);
        if (value == null) {
            return otherwise;
        }
        if (!value.isIntegralNumber()
                || !value.canConvertToLong()
                || value.longValue() < min
                || value.longValue() > max) {
            throw wrong(key, "an integer in %d..%d".formatted(min, max));
        }
        return value.longValue();
    }

    @Nullable Double decimal(String key) {
        JsonNode value = node(key);
        if (value == null || value.isNumber()) {
            return value == null ? null : (Double) value.doubleValue();
        }
        throw wrong(key, "a number");
    }

    /** An array of finite numbers. */
    Embedding vector(String key) {
        JsonNode value = node(key);
        if (value == null || !value.isArray() || value.isEmpty()) {
            throw wrong(key, "an array of numbers");
        }
        float[] floats = new float[value.size()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = value.get(i).isNumber() ? value.get(i).floatValue() : Float.NaN;
        }
        Embedding vector = Embedding.of(floats);
        if (!vector.isFinite()) {
            throw wrong(key, "an array of finite numbers");
        }
        return vector;
    }

    /** The fields {@code ef} and {@code target_recall}. */
    SearchEffort effort(QueryLimits limits) {
        Integer ef = node("ef") == null ? null : (Integer) (int) number("ef", 0, 1, limits.efMax());
        return SearchEffort.of(ef, decimal("target_recall"));
    }

    /** Null where the field is absent or null. */
    @Nullable JsonNode node(String key) {
        JsonNode value = fields.get(key);
        return value == null || value.isNull() ? null : value;
    }

    /** The fields {@code where} and {@code where_document}. */
    Filter filter(QueryLimits limits) {
        return Filter.and(
                FilterJson.readWhere(node("where"), limits),
                FilterJson.readWhereDocument(node("where_document"), limits));
    }

    /** The field {@code include}. */
    Projection include(List<String> otherwise) {
        Set<String> parts = new LinkedHashSet<>(otherwise);
        JsonNode value = node("include");
        if (value != null) {
            parts.clear();
            if (!value.isArray()) {
                throw wrong("include", "an array of " + PARTS);
            }
            value.forEach(part -> parts.add(part.asText()));
        }
        if (!PARTS.containsAll(parts)) {
            throw wrong("include", "an array of " + PARTS);
        }
        return new Projection(
                parts.contains("documents"),
                parts.contains("embeddings"),
                parts.contains("metadatas"),
                parts.contains("uris"),
                parts.contains("distances"));
    }

    private QuiverException wrong(String key, String expected) {
        return QuiverException.invalid("'%s' must be %s, not %s".formatted(key, expected, fields.get(key)));
    }

    /** JSON in a text that stands in a column. */
    static JsonNode parse(String json) {
        return parse(json.getBytes(StandardCharsets.UTF_8));
    }

    private static JsonNode parse(byte[] json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            String reason = e.getMessage();
            throw QuiverException.invalid("not JSON: "
                    + (reason == null ? "" : reason.lines().findFirst().orElse("")));
        }
    }
}

package io.quiver.executor.query;

import com.fasterxml.jackson.databind.JsonNode;
import io.quiver.executor.query.Filter.ArrayContains;
import io.quiver.executor.query.Filter.Compares;
import io.quiver.executor.query.Filter.Comparison;
import io.quiver.executor.query.Filter.DocumentContains;
import io.quiver.executor.query.Filter.DocumentMatches;
import io.quiver.executor.query.Filter.Equals;
import io.quiver.executor.query.Filter.Ids;
import io.quiver.executor.query.Filter.In;
import io.quiver.log.record.MetadataValue.Scalar;
import io.quiver.log.record.QuiverException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the form of {@link FilterWriter}. */
final class FilterReader {
    private static final String REFUSAL = "Invalid filter";
    /** A caller's filter has a negation above each condition, and stands below a conjunction with others. */
    private static final int DEPTH_MAX = 2 * FilterJson.DEPTH_MAX;
    /** A {@code where} and a {@code where_document}, each with its negations, and what joins them. */
    private static final int TERMS_MAX = 4 * FilterJson.TERMS_MAX + DEPTH_MAX;

    private final FilterSize size = new FilterSize(REFUSAL, DEPTH_MAX, TERMS_MAX, FilterJson.IN_VALUES_MAX);

    Filter read(JsonNode json) {
        if (!json.isObject() || json.size() != 1) {
            throw refused();
        }
        size.begin();
        Map.Entry<String, JsonNode> only = json.properties().iterator().next();
        Filter filter = read(only.getKey(), only.getValue());
        size.end();
        return filter;
    }

    /** The name under which a comparison is written. */
    static String name(Comparison comparison) {
        return comparison.name().toLowerCase(Locale.ROOT);
    }

    private Filter read(String name, JsonNode json) {
        return switch (name) {
            case "all" -> Filter.ALL;
            case "ids" -> new Ids(texts(json));
            case "equals" -> new Equals(key(json), value(json));
            case "in" -> new In(key(json), values(json));
            case "array_contains" -> new ArrayContains(key(json), value(json));
            case "document_contains" -> new DocumentContains(text(json));
            case "document_matches" -> new DocumentMatches(text(json));
            case "and" -> new Filter.And(readAll(json));
            case "or" -> new Filter.Or(readAll(json));
            case "not" -> new Filter.Not(read(json));
            default -> new Compares(key(json), comparison(name), required(Operands.number(json.path(1))));
        };
    }

    private List<Filter> readAll(JsonNode json) {
        List<Filter> filters = new ArrayList<>();
        elements(json).forEach(element -> filters.add(read(element)));
        return filters;
    }

    private static Set<String> texts(JsonNode json) {
        Set<String> texts = new LinkedHashSet<>();
        elements(json).forEach(element -> texts.add(text(element)));
        return texts;
    }

    private static String key(JsonNode json) {
        return text(elements(json).path(0));
    }

    private static Scalar value(JsonNode json) {
        return required(Operands.scalar(json.path(1)));
    }

    private static List<Scalar> values(JsonNode json) {
        List<Scalar> values = new ArrayList<>();
        for (int i = 1; i < json.size(); i++) {
            values.add(required(Operands.scalar(json.get(i))));
        }
        return values;
    }

    private static Comparison comparison(String name) {
        for (Comparison comparison : Comparison.values()) {
            if (name(comparison).equals(name)) {
                return comparison;
            }
        }
        throw refused();
    }

    private static JsonNode elements(JsonNode json) {
        return required(json.isArray() ? json : null);
    }

    private static String text(JsonNode json) {
        return required(Operands.text(json));
    }

    private static <T> T required(@Nullable T value) {
        if (value == null) {
            throw refused();
        }
        return value;
    }

    private static QuiverException refused() {
        return QuiverException.invalid(REFUSAL);
    }
}

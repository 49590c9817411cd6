package io.quiver.executor.query;

import com.fasterxml.jackson.databind.JsonNode;
import io.quiver.executor.query.Filter.ArrayContains;
import io.quiver.executor.query.Filter.Compares;
import io.quiver.executor.query.Filter.Comparison;
import io.quiver.executor.query.Filter.Equals;
import io.quiver.executor.query.Filter.Ids;
import io.quiver.executor.query.Filter.In;
import io.quiver.executor.query.Filter.Not;
import io.quiver.log.record.MetadataValue.Real;
import io.quiver.log.record.MetadataValue.Scalar;
import io.quiver.log.record.MetadataValue.Text;
import io.quiver.log.record.QuiverException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads one {@code where} clause of a caller. */
final class WhereReader {
    private static final String REFUSAL = "Invalid where clause";
    private static final String DOCUMENT = "#document";
    private static final String ID = "#id";

    private final QueryLimits limits;
    private final FilterSize size;

    WhereReader(QueryLimits limits) {
        this.limits = limits;
        this.size = new FilterSize(REFUSAL, limits);
    }

    /** A clause is an object with one key: a connective, or the field that it is about. */
    Filter read(JsonNode clause) {
        size.begin();
        Map.Entry<String, JsonNode> only = onlyField(clause);
        Filter filter = switch (only.getKey()) {
            case "$and" -> new Filter.And(readAll(only.getValue()));
            case "$or" -> new Filter.Or(readAll(only.getValue()));
            case DOCUMENT -> DocumentCondition.read(onlyField(only.getValue()), limits, WhereReader::refused);
            case ID -> ids(onlyField(only.getValue()));
            default -> field(only.getKey(), only.getValue());
        };
        size.end();
        return filter;
    }

    private List<Filter> readAll(JsonNode clauses) {
        if (!clauses.isArray()) {
            throw refused();
        }
        List<Filter> filters = new ArrayList<>();
        clauses.forEach(clause -> filters.add(read(clause)));
        return filters;
    }

    private Filter field(String key, JsonNode condition) {
        if (key.startsWith("$")) {
            throw refused();
        }
        if (!condition.isObject()) {
            return new Equals(key, required(Operands.scalar(condition)));
        }
        Map.Entry<String, JsonNode> only = onlyField(condition);
        return condition(key, only.getKey(), only.getValue());
    }

    private Filter condition(String key, String operator, JsonNode operand) {
        return switch (operator) {
            case "$eq" -> new Equals(key, scalar(operand));
            case "$ne" -> new Not(new Equals(key, scalar(operand)));
            case "$gt" -> compares(key, Comparison.GREATER, operand);
            case "$gte" -> compares(key, Comparison.GREATER_OR_EQUAL, operand);
            case "$lt" -> compares(key, Comparison.LESS, operand);
            case "$lte" -> compares(key, Comparison.LESS_OR_EQUAL, operand);
            case "$in" -> new In(key, scalars(operand));
            case "$nin" -> new Not(new In(key, scalars(operand)));
            case "$contains" -> new ArrayContains(key, scalar(operand));
            case "$not_contains" -> new Not(new ArrayContains(key, scalar(operand)));
            default -> throw refused();
        };
    }

    private static Filter compares(String key, Comparison comparison, JsonNode bound) {
        return new Compares(key, comparison, required(Operands.number(bound)));
    }

    private Filter ids(Map.Entry<String, JsonNode> condition) {
        return switch (condition.getKey()) {
            case "$eq" -> new Ids(Set.of(required(Operands.text(condition.getValue()))));
            case "$ne" -> new Not(new Ids(Set.of(required(Operands.text(condition.getValue())))));
            case "$in" -> new Ids(texts(condition.getValue()));
            case "$nin" -> new Not(new Ids(texts(condition.getValue())));
            default -> throw refused();
        };
    }

    private Set<String> texts(JsonNode operand) {
        Set<String> texts = new LinkedHashSet<>();
        for (Scalar value : scalars(operand)) {
            texts.add(value instanceof Text(String text) ? text : required(null));
        }
        return texts;
    }

    /**
     * The values of a list that is not empty. The first one's kind is the kind of all; integers may stand for reals.
     */
    private List<Scalar> scalars(JsonNode operand) {
        if (!operand.isArray() || operand.isEmpty()) {
            throw refused();
        }
        size.checkValues(operand.size());
        Scalar first = scalar(operand.get(0));
        List<Scalar> values = new ArrayList<>(operand.size());
        for (JsonNode element : operand) {
            values.add(first instanceof Real ? required(Operands.real(element)) : sameKind(first, scalar(element)));
        }
        return values;
    }

    private static Scalar sameKind(Scalar first, Scalar value) {
        return required(value.getClass() == first.getClass() ? value : null);
    }

    private static Scalar scalar(JsonNode operand) {
        return required(Operands.scalar(operand));
    }

    private static Map.Entry<String, JsonNode> onlyField(JsonNode json) {
        if (!json.isObject() || json.size() != 1) {
            throw refused();
        }
        return json.properties().iterator().next();
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

package io.quiver.executor.query;

import com.fasterxml.jackson.databind.JsonNode;
import io.quiver.log.record.QuiverException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reads one {@code where_document} clause of a caller. */
final class WhereDocumentReader {
    private static final String REFUSAL = "Invalid where document clause";

    private final QueryLimits limits;
    private final FilterSize size;

    WhereDocumentReader(QueryLimits limits) {
        this.limits = limits;
        this.size = new FilterSize(REFUSAL, limits);
    }

    Filter read(JsonNode clause) {
        if (!clause.isObject() || clause.size() != 1) {
            throw refused();
        }
        size.begin();
        Map.Entry<String, JsonNode> only = clause.properties().iterator().next();
        Filter filter = switch (only.getKey()) {
            case "$and" -> new Filter.And(readAll(only.getValue()));
            case "$or" -> new Filter.Or(readAll(only.getValue()));
            default -> DocumentCondition.read(only, limits, WhereDocumentReader::refused);
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

    private static QuiverException refused() {
        return QuiverException.invalid(REFUSAL);
    }
}

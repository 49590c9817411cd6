package io.quiver.executor.query;

import com.fasterxml.jackson.databind.JsonNode;
import io.quiver.executor.query.Filter.DocumentContains;
import io.quiver.executor.query.Filter.DocumentMatches;
import io.quiver.executor.query.Filter.Not;
import io.quiver.executor.regex.Regex;
import io.quiver.log.record.QuiverException;
import java.util.Map;
import java.util.function.Supplier;

/** Reads an operator on documents with its text. */
final class DocumentCondition {
    private DocumentCondition() {}

    static Filter read(Map.Entry<String, JsonNode> condition, QueryLimits limits, Supplier<QuiverException> refusal) {
        String text = Operands.text(condition.getValue());
        if (text == null) {
            throw refusal.get();
        }
        return switch (condition.getKey()) {
            case "$contains" -> new DocumentContains(text);
            case "$not_contains" -> new Not(new DocumentContains(text));
            case "$regex" -> matches(text, limits);
            case "$not_regex" -> new Not(matches(text, limits));
            default -> throw refusal.get();
        };
    }

    private static DocumentMatches matches(String regex, QueryLimits limits) {
        Regex.compile(regex, limits.regexBytesMax());
        return new DocumentMatches(regex);
    }
}

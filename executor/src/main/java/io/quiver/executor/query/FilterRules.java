package io.quiver.executor.query;

import io.quiver.log.catalog.Schema;
import io.quiver.log.catalog.ValueKind;
import io.quiver.log.record.MetadataValue;
import io.quiver.log.record.QuiverException;

/** Refuses filters for which a collection keeps no index, as its schema says. */
public final class FilterRules {
    private FilterRules() {}

    public static void check(Filter filter, Schema schema) {
        switch (filter) {
            case Filter.All() -> {}
            case Filter.Ids _ -> {}
            case Filter.Equals(var key, var value) -> requireIndex(schema, key, value);
            case Filter.In(var key, var values) -> requireIndex(schema, key, values.getFirst());
            case Filter.Compares(var key, var comparison, var bound) -> requireIndex(schema, key, bound);
            case Filter.ArrayContains(var key, var value) -> requireIndex(schema, key, value);
            case Filter.DocumentContains _, Filter.DocumentMatches _ -> requireFullText(schema);
            case Filter.And(var operands) -> operands.forEach(operand -> check(operand, schema));
            case Filter.Or(var operands) -> operands.forEach(operand -> check(operand, schema));
            case Filter.Not(var operand) -> check(operand, schema);
        }
    }

    private static void requireIndex(Schema schema, String key, MetadataValue value) {
        ValueKind kind = ValueKind.of(value);
        if (kind != null && !schema.isIndexed(key, kind)) {
            throw QuiverException.invalid(
                    "Cannot filter using metadata key '%s' with type '%s' because indexing is disabled"
                            .formatted(key, kind.messageName()));
        }
    }

    private static void requireFullText(Schema schema) {
        if (!schema.isFullTextIndexed()) {
            throw QuiverException.invalid("Cannot filter using full-text search because FTS indexing is disabled");
        }
    }
}

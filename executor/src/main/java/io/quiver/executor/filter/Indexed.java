package io.quiver.executor.filter;

import io.quiver.log.catalog.Schema;
import io.quiver.log.catalog.ValueKind;
import io.quiver.log.record.MetadataValue;

/**
 * What the records of a collection may be filtered by. For the rest no index is written; filters on it are refused by
 * {@link io.quiver.executor.query.FilterRules}. What a schema says of a key and a kind never changes.
 */
public final class Indexed {
    public static final Indexed EVERYTHING = new Indexed(Schema.DEFAULT);

    private final Schema schema;

    private Indexed(Schema schema) {
        this.schema = schema;
    }

    public static Indexed by(Schema schema) {
        return new Indexed(schema);
    }

    boolean documents() {
        return schema.isFullTextIndexed();
    }

    /** A filter on one kind of numbers accepts those of the other too. */
    boolean has(String key, MetadataValue value) {
        ValueKind kind = ValueKind.of(value);
        return switch (kind) {
            case null -> true;
            case STRING, BOOL -> schema.isIndexed(key, kind);
            case INT, FLOAT -> schema.isIndexed(key, ValueKind.INT) || schema.isIndexed(key, ValueKind.FLOAT);
        };
    }
}

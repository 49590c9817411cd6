package io.quiver.log.catalog;

import io.quiver.log.record.MetadataValue;
import io.quiver.log.record.MetadataValue.Array;
import io.quiver.log.record.MetadataValue.Bool;
import io.quiver.log.record.MetadataValue.Int;
import io.quiver.log.record.MetadataValue.Real;
import io.quiver.log.record.MetadataValue.Sparse;
import io.quiver.log.record.MetadataValue.Text;
import org.jspecify.annotations.Nullable;

/** The kinds of metadata values that have an inverted index of their own. */
public enum ValueKind {
    STRING("string", "Str"),
    FLOAT("float", "Float"),
    INT("int", "Int"),
    BOOL("bool", "Bool");

    private final String wireName;
    private final String messageName;

    ValueKind(String wireName, String messageName) {
        this.wireName = wireName;
        this.messageName = messageName;
    }

    /**
     * Of a value, of the elements of an array; {@code null} for an empty array and a sparse vector, which have none.
     */
    public static @Nullable ValueKind of(MetadataValue value) {
        return switch (value) {
            case Text _ -> STRING;
            case Real _ -> FLOAT;
            case Int _ -> INT;
            case Bool _ -> BOOL;
            case Array(var values) -> values.isEmpty() ? null : of(values.getFirst());
            case Sparse _ -> null;
        };
    }

    /** In a schema. */
    public String wireName() {
        return wireName;
    }

    /** In what callers are told: {@code Cannot filter using metadata key 'k' with type 'Str' ...}. */
    public String messageName() {
        return messageName;
    }

    String indexName() {
        return wireName + "_inverted_index";
    }
}

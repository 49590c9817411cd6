package io.quiver.gateway.model;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * How a request chooses records: by ids, by a {@code where}, by a {@code where_document}; all that are given must
 * agree.
 */
record Selected(
        @Nullable List<String> ids,
        @Nullable Clause where,
        @Nullable Clause whereDocument) {
    static final Selected ALL = new Selected(null, null, null);

    boolean hasWhere() {
        return where != null || whereDocument != null;
    }

    void writeTo(ObjectNode body) {
        if (ids != null) {
            ArrayNode all = body.putArray("ids");
            ids.forEach(all::add);
        }
        if (where != null) {
            body.set("where", where.json());
        }
        if (whereDocument != null) {
            body.set("where_document", whereDocument.json());
        }
    }

    Predicate<ModelRecord> meaning() {
        return record -> (ids == null || ids.contains(record.id()))
                && (where == null || where.accepts(record))
                && (whereDocument == null || whereDocument.accepts(record));
    }
}

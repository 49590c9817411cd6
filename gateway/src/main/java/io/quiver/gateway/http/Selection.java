package io.quiver.gateway.http;

import io.quiver.executor.query.Filter;
import io.quiver.executor.query.FilterJson;
import io.quiver.executor.query.FilterRules;
import io.quiver.log.catalog.Schema;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the fields by which get, query and delete choose records. Belongs to one thread. */
final class Selection implements JsonCursor.FieldReader {
    private @Nullable List<String> ids;
    private @Nullable JsonValue where;
    private @Nullable JsonValue whereDocument;

    @Override
    public boolean read(String name, JsonCursor in) {
        switch (name) {
            case "ids" -> ids = in.value(name).orNull(JsonValue::ids);
            case "where" -> where = present(in.value(name));
            case "where_document" -> whereDocument = present(in.value(name));
            default -> {
                return false;
            }
        }
        return true;
    }

    private static @Nullable JsonValue present(JsonValue value) {
        return value.orNull(given -> {
            given.check();
            return given;
        });
    }

    @Nullable List<String> ids() {
        return ids;
    }

    boolean hasWhere() {
        return where != null || whereDocument != null;
    }

    /** What {@code where} and {@code where_document} accept. */
    Filter where() {
        Filter metadata = where == null ? Filter.ALL : FilterJson.readWhere(where.tree(), where.limits());
        Filter document = whereDocument == null
                ? Filter.ALL
                : FilterJson.readWhereDocument(whereDocument.tree(), whereDocument.limits());
        return Filter.and(metadata, document);
    }

    /** All that was asked, checked against what the collection indexes. */
    Filter filter(Schema schema) {
        Filter where = where();
        FilterRules.check(where, schema);
        return ids == null ? where : Filter.and(new Filter.Ids(Set.copyOf(ids)), where);
    }
}

package io.quiver.gateway.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The records of one add, update or upsert: an id may be there twice, every column but the ids may be missing or hold
 * nulls where the contract allows it.
 */
final class RandomBatch {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final Kind kind;
    private final List<Row> rows;

    /** What is done with the records. */
    enum Kind {
        ADD("add", 201),
        UPDATE("update", 200),
        UPSERT("upsert", 200);

        final String route;
        final int status;

        Kind(String route, int status) {
            this.route = route;
            this.status = status;
        }
    }

    /** @param metadata with nulls for keys to be deleted; {@code null} where nothing is said of it */
    private record Row(
            String id,
            @Nullable List<Integer> embedding,
            @Nullable String document,
            @Nullable String uri,
            @Nullable ObjectNode metadata) {}

    private RandomBatch(Kind kind, List<Row> rows) {
        this.kind = kind;
        this.rows = rows;
    }

    static RandomBatch draw(RandomDraw draw, RandomValues values, Kind kind, List<String> ids) {
        Columns columns = new Columns(draw, values, kind);
        return new RandomBatch(kind, ids.stream().map(columns::row).toList());
    }

    Kind kind() {
        return kind;
    }

    /**
     * The body of the request. A column that would hold nothing but nulls is left out, where the contract allows it.
     */
    ObjectNode json() {
        ObjectNode body = JSON.objectNode();
        ArrayNode ids = body.putArray("ids");
        rows.forEach(row -> ids.add(row.id()));
        put(body, "embeddings", row -> RandomBatch.numbers(row.embedding()));
        put(body, "documents", row -> JSON.textNode(row.document()));
        put(body, "uris", row -> JSON.textNode(row.uri()));
        put(body, "metadatas", Row::metadata);
        return body;
    }

    private static @Nullable JsonNode numbers(@Nullable List<Integer> embedding) {
        if (embedding == null) {
            return null;
        }
        ArrayNode numbers = JSON.arrayNode();
        embedding.forEach(numbers::add);
        return numbers;
    }

    private void put(ObjectNode body, String name, Function<Row, @Nullable JsonNode> value) {
        ArrayNode column = JSON.arrayNode();
        rows.forEach(row -> column.add(value.apply(row)));
        boolean isRequired = kind != Kind.UPDATE && name.equals("embeddings");
        boolean hasValues = rows.stream().map(value).anyMatch(node -> node != null && !node.isNull());
        if (isRequired || hasValues) {
            body.set(name, column);
        }
    }

    void applyTo(ModelCollection model) {
        for (Row row : rows) {
            ModelRecord before = model.find(row.id());
            boolean isIgnored = kind == Kind.ADD ? before != null : kind == Kind.UPDATE && before == null;
            if (!isIgnored) {
                model.put(before == null ? created(row) : changed(before, row));
            }
        }
    }

    private static ModelRecord created(Row row) {
        List<Integer> embedding = Objects.requireNonNull(row.embedding());
        return new ModelRecord(row.id(), embedding, row.document(), row.uri(), merged(Map.of(), row.metadata()));
    }

    private static ModelRecord changed(ModelRecord before, Row row) {
        return new ModelRecord(
                row.id(),
                Objects.requireNonNullElse(row.embedding(), before.embedding()),
                row.document() == null ? before.document() : row.document(),
                row.uri() == null ? before.uri() : row.uri(),
                merged(before.metadata(), row.metadata()));
    }

    private static Map<String, JsonNode> merged(Map<String, JsonNode> before, @Nullable ObjectNode change) {
        Map<String, JsonNode> fields = new HashMap<>(before);
        if (change != null) {
            change.properties().forEach(field -> {
                if (field.getValue().isNull()) {
                    fields.remove(field.getKey());
                } else {
                    fields.put(field.getKey(), field.getValue());
                }
            });
        }
        return fields;
    }

    /** Draws rows, of columns that are there or not. */
    private static final class Columns {
        private final RandomDraw draw;
        private final RandomValues values;
        private final Kind kind;
        private final boolean hasEmbeddings;
        private final boolean hasDocuments;
        private final boolean hasMetadatas;

        Columns(RandomDraw draw, RandomValues values, Kind kind) {
            this.draw = draw;
            this.values = values;
            this.kind = kind;
            this.hasEmbeddings = kind != Kind.UPDATE || draw.oneIn(2);
            this.hasDocuments = !draw.oneIn(5);
            this.hasMetadatas = !draw.oneIn(5);
        }

        Row row(String id) {
            boolean hasEmbedding = hasEmbeddings && !(kind == Kind.UPDATE && draw.oneIn(3));
            return new Row(
                    id,
                    hasEmbedding ? values.embedding() : null,
                    hasDocuments ? values.document() : null,
                    values.uri(),
                    hasMetadatas && !draw.oneIn(6) ? metadata() : null);
        }

        private ObjectNode metadata() {
            ObjectNode fields = JSON.objectNode();
            if (kind != Kind.ADD) {
                draw.several(0, 2, values::key).forEach(fields::putNull);
            }
            return fields.setAll(values.metadata());
        }
    }
}

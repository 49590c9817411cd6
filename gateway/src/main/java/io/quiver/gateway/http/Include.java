package io.quiver.gateway.http;

import io.quiver.executor.query.Projection;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Which columns an answer carries.
 *
 * @param asked as the caller listed them, repetitions included, for the answer repeats the list
 */
record Include(List<Column> asked) {
    static final Include GET_DEFAULT = new Include(List.of(Column.DOCUMENTS, Column.METADATAS));
    static final Include QUERY_DEFAULT = new Include(List.of(Column.DOCUMENTS, Column.METADATAS, Column.DISTANCES));

    enum Column {
        DISTANCES,
        DOCUMENTS,
        EMBEDDINGS,
        METADATAS,
        URIS;

        private final String wireName = name().toLowerCase(Locale.ROOT);

        String wireName() {
            return wireName;
        }
    }

    Include {
        asked = List.copyOf(asked);
    }

    static Include read(JsonValue value) {
        return new Include(value.elements((in, at) -> {
            String name = value.text(in, at);
            for (Column column : Column.values()) {
                if (column.wireName().equals(name)) {
                    return column;
                }
            }
            throw value.shape(
                    in, at, "unknown variant `%s`, expected one of %s".formatted(BadBody.shortened(name, 64), names()));
        }));
    }

    boolean has(Column column) {
        return asked.contains(column);
    }

    Projection projection() {
        return new Projection(
                has(Column.DOCUMENTS),
                has(Column.EMBEDDINGS),
                has(Column.METADATAS),
                has(Column.URIS),
                has(Column.DISTANCES));
    }

    private static String names() {
        return Arrays.stream(Column.values())
                .map(column -> "`" + column.wireName() + "`")
                .collect(Collectors.joining(", "));
    }
}

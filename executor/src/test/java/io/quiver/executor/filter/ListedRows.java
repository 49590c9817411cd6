package io.quiver.executor.filter;

import io.quiver.log.record.Metadata;
import io.quiver.log.record.MetadataValue;
import io.quiver.log.record.MetadataValue.Array;
import io.quiver.log.record.MetadataValue.Bool;
import io.quiver.log.record.MetadataValue.Int;
import io.quiver.log.record.MetadataValue.Real;
import io.quiver.log.record.MetadataValue.Scalar;
import io.quiver.log.record.MetadataValue.Text;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The rows of a segment, in a list; counts how many documents were looked at. */
final class ListedRows implements RowSource {
    private record Row(
            String id, Metadata metadata, @Nullable String document) {}

    final AtomicInteger documentsRead = new AtomicInteger();
    final AtomicInteger metadataRead = new AtomicInteger();
    private final List<Row> rows = new ArrayList<>();

    /** Adds a row; fields are keys and values in turn. */
    ListedRows with(String id, @Nullable String document, Object... fields) {
        Map<String, MetadataValue> metadata = new LinkedHashMap<>();
        for (int i = 0; i < fields.length; i += 2) {
            metadata.put((String) fields[i], value(fields[i + 1]));
        }
        return with(id, document, new Metadata(metadata));
    }

    ListedRows with(String id, @Nullable String document, Metadata metadata) {
        rows.add(new Row(id, metadata, document));
        return this;
    }

    int count() {
        return rows.size();
    }

    @Override
    public int rowOf(String id) {
        for (int row = rows.size() - 1; row >= 0; row--) {
            if (rows.get(row).id().equals(id)) {
                return row;
            }
        }
        return -1;
    }

    @Override
    public String id(int row) {
        return rows.get(row).id();
    }

    @Override
    public Metadata metadata(int row) {
        metadataRead.incrementAndGet();
        return rows.get(row).metadata();
    }

    @Override
    public @Nullable String document(int row) {
        documentsRead.incrementAndGet();
        return rows.get(row).document();
    }

    static MetadataValue value(Object value) {
        return value instanceof List<?> list
                ? new Array(list.stream().map(ListedRows::scalar).toList())
                : scalar(value);
    }

    static Scalar scalar(Object value) {
        return switch (value) {
            case Boolean truth -> new Bool(truth);
            case Integer number -> new Int(number);
            case Long number -> new Int(number);
            case Double number -> new Real(number);
            case String text -> new Text(text);
            default -> throw new IllegalArgumentException("not a scalar: " + value);
        };
    }
}

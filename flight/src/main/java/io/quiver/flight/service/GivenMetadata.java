package io.quiver.flight.service;

import io.quiver.flight.codec.TextColumn;
import io.quiver.log.record.MetadataPatch;
import io.quiver.log.record.MetadataValue;
import io.quiver.log.record.QuiverException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.MapVector;

/** The column {@code metadata} of an upload: a JSON object in each row, or a map from texts to values of one type. */
sealed interface GivenMetadata {
    /** What a row gives; a null in it removes its key. */
    MetadataPatch at(int row);

    /** Of a batch that need not have the column. */
    static GivenMetadata of(VectorSchemaRoot batch, RecordReader.Kind kind) {
        FieldVector column = batch.getVector(RecordReader.METADATA);
        return switch (column) {
            case null -> new None();
            case MapVector maps -> Maps.of(maps, kind);
            default -> new Texts(TextColumn.ofText(column), kind);
        };
    }

    record None() implements GivenMetadata {
        @Override
        public MetadataPatch at(int row) {
            return MetadataPatch.NONE;
        }
    }

    record Texts(TextColumn texts, RecordReader.Kind kind) implements GivenMetadata {
        @Override
        public MetadataPatch at(int row) {
            String json = texts.at(row);
            if (json == null || json.isEmpty()) {
                return MetadataPatch.NONE;
            }
            try {
                return switch (kind) {
                    case ADD -> MetadataPatch.setting(MetadataText.read(json));
                    case UPSERT -> MetadataText.readPatch(json);
                };
            } catch (QuiverException e) {
                throw new QuiverException(e.code(), "row %d: %s".formatted(row, e.getMessage()));
            }
        }
    }

    record Maps(MapVector maps, TextColumn keys, MetadataColumn values, RecordReader.Kind kind)
            implements GivenMetadata {
        static Maps of(MapVector maps, RecordReader.Kind kind) {
            List<FieldVector> entry = maps.getDataVector().getChildrenFromFields();
            return new Maps(maps, TextColumn.ofText(entry.get(0)), MetadataColumn.of(entry.get(1)), kind);
        }

        @Override
        public MetadataPatch at(int row) {
            if (maps.isNull(row)) {
                return MetadataPatch.NONE;
            }
            int start = offset(row);
            int end = offset(row + 1);
            if (start < 0 || end < start || end > maps.getDataVector().getValueCount()) {
                throw QuiverException.invalid("row %d: 'metadata' lies at %d..%d of %d entries"
                        .formatted(row, start, end, maps.getDataVector().getValueCount()));
            }
            try {
                return entries(start, end);
            } catch (QuiverException e) {
                throw new QuiverException(e.code(), "row %d: 'metadata': %s".formatted(row, RowFaults.reason(e)));
            }
        }

        private MetadataPatch entries(int start, int end) {
            Map<String, MetadataValue> set = new LinkedHashMap<>();
            Set<String> removed = new LinkedHashSet<>();
            for (int i = start; i < end; i++) {
                String key = keys.at(i);
                MetadataValue value = values.at(i);
                if (key == null || (value == null && kind == RecordReader.Kind.ADD)) {
                    throw QuiverException.invalid(key == null ? "a key is null" : "'%s' is null".formatted(key));
                }
                if (value == null) {
                    set.remove(key);
                    removed.add(key);
                } else {
                    removed.remove(key);
                    set.put(key, value);
                }
            }
            return new MetadataPatch(set, removed);
        }

        private int offset(int row) {
            return maps.getOffsetBuffer().getInt((long) row * ListVector.OFFSET_WIDTH);
        }
    }
}

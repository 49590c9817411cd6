package io.quiver.flight.service;

import io.quiver.flight.codec.EmbeddingColumn;
import io.quiver.flight.codec.TextColumn;
import io.quiver.log.record.Embedding;
import io.quiver.log.record.Metadata;
import io.quiver.log.record.MetadataPatch;
import io.quiver.log.record.MetadataValue;
import io.quiver.log.record.Operation;
import io.quiver.log.record.QuiverException;
import io.quiver.log.record.RecordPatch;
import io.quiver.log.record.VectorRecord;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.jspecify.annotations.Nullable;

/** Operations out of the batches of an upload, each row checked; a refusal names the row and what is wrong with it. */
final class RecordReader {
    static final String ID = "id";
    static final String EMBEDDING = "embedding";
    static final String DOCUMENT = "document";
    static final String URI = "uri";
    static final String METADATA = "metadata";

    private static final Set<String> RESERVED = Set.of(ID, EMBEDDING, DOCUMENT, URI, METADATA);

    /** What a batch does to its records. */
    enum Kind {
        ADD,
        UPSERT
    }

    private final Kind kind;
    private final int rows;
    private final TextColumn ids;
    private final EmbeddingColumn embeddings;
    private final @Nullable TextColumn documents;
    private final @Nullable TextColumn uris;
    private final @Nullable TextColumn metadatas;
    private final List<MetadataColumn> fields;

    private RecordReader(VectorSchemaRoot batch, Kind kind) {
        this.kind = kind;
        this.rows = batch.getRowCount();
        this.ids = TextColumn.ofText(required(batch, ID));
        this.embeddings = EmbeddingColumn.read(required(batch, EMBEDDING), rows);
        this.documents = texts(batch, DOCUMENT);
        this.uris = texts(batch, URI);
        this.metadatas = texts(batch, METADATA);
        this.fields = batch.getFieldVectors().stream()
                .filter(column -> !RESERVED.contains(column.getName()))
                .map(MetadataColumn::of)
                .toList();
    }

    /** Reads all rows or refuses the batch. */
    static List<Operation> read(VectorSchemaRoot batch, Kind kind, @Nullable Integer dimension) {
        checkColumns(batch);
        try {
            return new RecordReader(batch, kind).read(dimension);
        } catch (IndexOutOfBoundsException | ArithmeticException e) {
            throw QuiverException.invalid("the batch is damaged: " + e.getMessage());
        }
    }

    private static void checkColumns(VectorSchemaRoot batch) {
        Set<String> names = new HashSet<>();
        for (FieldVector column : batch.getFieldVectors()) {
            if (!names.add(column.getName())) {
                throw QuiverException.invalid("column '%s' is there twice".formatted(column.getName()));
            }
            if (column.getField().getDictionary() != null) {
                throw QuiverException.invalid("column '%s' must not be dictionary-encoded".formatted(column.getName()));
            }
            if (column.getValueCount() != batch.getRowCount()) {
                throw QuiverException.invalid("column '%s' has %d values in a batch of %d rows"
                        .formatted(column.getName(), column.getValueCount(), batch.getRowCount()));
            }
        }
    }

    private List<Operation> read(@Nullable Integer dimension) {
        List<Operation> operations = new ArrayList<>(rows);
        Integer expected = dimension;
        for (int row = 0; row < rows; row++) {
            Embedding embedding = embeddings.at(row);
            if (expected != null && embedding.dimension() != expected) {
                throw QuiverException.invalid("row %d: 'embedding' has dimension %d, the collection has %d"
                        .formatted(row, embedding.dimension(), expected));
            }
            expected = embedding.dimension();
            operations.add(operation(row, embedding));
        }
        return operations;
    }

    private Operation operation(int row, Embedding embedding) {
        String id = ids.at(row);
        if (id == null || id.isEmpty()) {
            throw QuiverException.invalid("row %d: 'id' is %s".formatted(row, id == null ? "null" : "empty"));
        }
        String document = documents == null ? null : documents.at(row);
        String uri = uris == null ? null : uris.at(row);
        MetadataPatch metadata = metadata(row);
        return switch (kind) {
            case ADD ->
                new Operation.Add(new VectorRecord(id, embedding, document, uri, Metadata.EMPTY.patched(metadata)));
            case UPSERT -> new Operation.Upsert(new RecordPatch(id, embedding, document, uri, metadata), embedding);
        };
    }

    private MetadataPatch metadata(int row) {
        MetadataPatch given = givenMetadata(row);
        if (fields.isEmpty()) {
            return given;
        }
        Map<String, MetadataValue> set = new LinkedHashMap<>(given.set());
        for (MetadataColumn field : fields) {
            MetadataValue value = field.at(row);
            if (value != null) {
                set.put(field.key(), value);
            }
        }
        return new MetadataPatch(set, given.removed());
    }

    private MetadataPatch givenMetadata(int row) {
        String json = metadatas == null ? null : metadatas.at(row);
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

    private static FieldVector required(VectorSchemaRoot batch, String name) {
        FieldVector column = batch.getVector(name);
        if (column == null) {
            throw QuiverException.invalid("there is no column '%s'".formatted(name));
        }
        return column;
    }

    private static @Nullable TextColumn texts(VectorSchemaRoot batch, String name) {
        FieldVector column = batch.getVector(name);
        return column == null ? null : TextColumn.ofText(column);
    }
}

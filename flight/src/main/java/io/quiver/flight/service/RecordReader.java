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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.jspecify.annotations.Nullable;

/** Operations out of the batches of an upload, each row checked; a fault names the row and what is wrong with it. */
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
    private final GivenMetadata metadatas;
    private final List<MetadataColumn> fields;

    private RecordReader(VectorSchemaRoot batch, Kind kind) {
        this.kind = kind;
        this.rows = batch.getRowCount();
        this.ids = TextColumn.ofText(required(batch, ID));
        this.embeddings = EmbeddingColumn.read(required(batch, EMBEDDING), rows);
        this.documents = texts(batch, DOCUMENT);
        this.uris = texts(batch, URI);
        this.metadatas = GivenMetadata.of(batch, kind);
        this.fields = batch.getFieldVectors().stream()
                .filter(column -> !RESERVED.contains(column.getName()))
                .map(MetadataColumn::of)
                .toList();
    }

    /** What else a row must keep to. */
    @FunctionalInterface
    interface Rule {
        /** Throws where the operation of a row may not be written. */
        void check(Operation operation, int row);
    }

    /**
     * Reads the rows that are good and adds the others to {@code faults}; refuses a batch that cannot be read at all.
     */
    static List<Operation> read(
            VectorSchemaRoot batch, Kind kind, @Nullable Integer dimension, Rule rule, RowFaults faults) {
        BatchColumns.check(batch);
        try {
            return new RecordReader(batch, kind).read(dimension, rule, faults);
        } catch (IndexOutOfBoundsException | ArithmeticException e) {
            throw QuiverException.invalid("the batch is damaged: " + e.getMessage());
        }
    }

    private List<Operation> read(@Nullable Integer dimension, Rule rule, RowFaults faults) {
        List<Operation> operations = new ArrayList<>(rows);
        Integer expected = dimension;
        for (int row = 0; row < rows; row++) {
            try {
                Embedding embedding = embedding(row, expected);
                Operation operation = operation(row, embedding);
                rule.check(operation, row);
                operations.add(operation);
                expected = embedding.dimension();
            } catch (QuiverException fault) {
                faults.add(row, fault);
            }
        }
        return operations;
    }

    private Embedding embedding(int row, @Nullable Integer expected) {
        Embedding embedding = embeddings.at(row);
        if (expected != null && embedding.dimension() != expected) {
            throw QuiverException.invalid("row %d: 'embedding' has dimension %d, the collection has %d"
                    .formatted(row, embedding.dimension(), expected));
        }
        return embedding;
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
        MetadataPatch given = metadatas.at(row);
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

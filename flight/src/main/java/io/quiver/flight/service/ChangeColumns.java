package io.quiver.flight.service;

import io.quiver.executor.query.Projection;
import io.quiver.flight.codec.BytesColumn;
import io.quiver.flight.codec.Column;
import io.quiver.flight.codec.FloatColumn;
import io.quiver.flight.codec.ListColumn;
import io.quiver.flight.codec.LongColumn;
import io.quiver.log.LogEntry;
import io.quiver.log.record.Embedding;
import io.quiver.log.record.MetadataPatch;
import io.quiver.log.record.Operation;
import io.quiver.log.record.RecordPatch;
import io.quiver.log.record.VectorRecord;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Operations to be sent, a row each, with the log offset and the time of their entry. */
final class ChangeColumns {
    private static final int OPERATION_BYTES = 32;

    private final LongColumn offsets = new LongColumn("offset");
    private final LongColumn times = new LongColumn("time_ms");
    private final BytesColumn operations = BytesColumn.ofText("operation");
    private final BytesColumn ids = BytesColumn.ofText(RecordReader.ID);
    private final ListColumn<FloatColumn> embeddings =
            new ListColumn<>(RecordReader.EMBEDDING, new FloatColumn("item"));
    private final BytesColumn documents = BytesColumn.ofText(RecordReader.DOCUMENT);
    private final BytesColumn uris = BytesColumn.ofText(RecordReader.URI);
    private final BytesColumn metadatas = BytesColumn.ofText(RecordReader.METADATA);
    private final Projection asked;
    private final List<Column> columns = new ArrayList<>(List.of(offsets, times, operations, ids));

    ChangeColumns(Projection asked) {
        this.asked = asked;
        addIf(asked.embeddings(), embeddings);
        addIf(asked.documents(), documents);
        addIf(asked.uris(), uris);
        addIf(asked.metadatas(), metadatas);
    }

    List<Column> columns() {
        return columns;
    }

    int count() {
        return ids.count();
    }

    long sizeBytes() {
        return (long) ids.count() * OPERATION_BYTES
                + ids.sizeBytes()
                + documents.sizeBytes()
                + uris.sizeBytes()
                + metadatas.sizeBytes()
                + (long) embeddings.elements().count() * Float.BYTES;
    }

    void add(LogEntry entry, Operation operation) {
        offsets.add(entry.offset().value());
        times.add(entry.timeMs());
        ids.add(operation.id());
        switch (operation) {
            case Operation.Add(VectorRecord record) ->
                add(
                        "add",
                        record.embedding(),
                        record.document(),
                        record.uri(),
                        MetadataPatch.setting(record.metadata()));
            case Operation.Upsert(RecordPatch patch, Embedding embedding) ->
                add("upsert", embedding, patch.document(), patch.uri(), patch.metadata());
            case Operation.Update(RecordPatch patch) ->
                add("update", patch.embedding(), patch.document(), patch.uri(), patch.metadata());
            case Operation.Delete _ -> add("delete", null, null, null, MetadataPatch.NONE);
        }
    }

    private void add(
            String kind,
            @Nullable Embedding embedding,
            @Nullable String document,
            @Nullable String uri,
            MetadataPatch metadata) {
        operations.add(kind);
        if (asked.embeddings()) {
            addEmbedding(embedding);
        }
        if (asked.documents()) {
            documents.add(document);
        }
        if (asked.uris()) {
            uris.add(uri);
        }
        if (asked.metadatas()) {
            boolean isEmpty = metadata.set().isEmpty() && metadata.removed().isEmpty();
            metadatas.add(isEmpty ? null : MetadataText.write(metadata));
        }
    }

    private void addEmbedding(@Nullable Embedding embedding) {
        if (embedding != null) {
            embeddings.elements().addAll(embedding);
        }
        embeddings.endList();
    }

    private void addIf(boolean isAsked, Column column) {
        if (isAsked) {
            columns.add(column);
        }
    }
}

package io.quiver.flight.service;

import io.quiver.executor.query.Hits;
import io.quiver.executor.query.Projection;
import io.quiver.flight.codec.BytesColumn;
import io.quiver.flight.codec.Column;
import io.quiver.log.record.Embedding;
import io.quiver.log.record.Metadata;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Records to be sent, a row each, in the columns in which they can be loaded again. */
final class RecordColumns {
    private static final int RECORD_BYTES = 16;

    private final BytesColumn ids = BytesColumn.ofText(RecordReader.ID);
    private final BytesColumn documents = BytesColumn.ofText(RecordReader.DOCUMENT);
    private final BytesColumn uris = BytesColumn.ofText(RecordReader.URI);
    private final BytesColumn metadatas = BytesColumn.ofText(RecordReader.METADATA);
    private final EmbeddingsOut embeddings;
    private final List<Column> columns;
    private long embeddingBytes;

    RecordColumns(Projection asked, @Nullable Integer dimension) {
        this.embeddings = EmbeddingsOut.of(RecordReader.EMBEDDING, dimension);
        this.columns = new ArrayList<>(List.of(ids));
        addIf(asked.embeddings(), embeddings.column());
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
        return (long) ids.count() * RECORD_BYTES
                + ids.sizeBytes()
                + documents.sizeBytes()
                + uris.sizeBytes()
                + metadatas.sizeBytes()
                + embeddingBytes;
    }

    void clear() {
        columns.forEach(Column::clear);
        embeddingBytes = 0;
    }

    void add(Hits hits, int index) {
        ids.add(hits.ids().get(index));
        List<Embedding> vectors = hits.embeddings();
        if (vectors != null) {
            embeddings.add(vectors.get(index));
            embeddingBytes += (long) vectors.get(index).dimension() * Float.BYTES;
        }
        addText(documents, hits.documents(), index);
        addText(uris, hits.uris(), index);
        List<Metadata> fields = hits.metadatas();
        if (fields != null) {
            addMetadata(fields.get(index));
        }
    }

    private void addMetadata(Metadata metadata) {
        String json = metadata.isEmpty() ? null : MetadataText.write(metadata);
        metadatas.add(json);
    }

    private static void addText(BytesColumn column, @Nullable List<@Nullable String> texts, int index) {
        if (texts != null) {
            column.add(texts.get(index));
        }
    }

    private void addIf(boolean isAsked, Column column) {
        if (isAsked) {
            columns.add(column);
        }
    }
}

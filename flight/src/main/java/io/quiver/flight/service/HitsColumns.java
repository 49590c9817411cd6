package io.quiver.flight.service;

import io.quiver.executor.query.Hits;
import io.quiver.executor.query.Projection;
import io.quiver.flight.codec.BoolColumn;
import io.quiver.flight.codec.BytesColumn;
import io.quiver.flight.codec.Column;
import io.quiver.flight.codec.FloatColumn;
import io.quiver.flight.codec.ListColumn;
import io.quiver.flight.codec.LongColumn;
import io.quiver.log.record.Embedding;
import io.quiver.log.record.Metadata;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Answers of a bulk search: a row a query, a list for each part that was asked for. */
final class HitsColumns {
    private static final int HIT_BYTES = 12;

    private final LongColumn queryIds = new LongColumn("query_id");
    private final ListColumn<BytesColumn> ids = texts("ids");
    private final ListColumn<FloatColumn> distances = new ListColumn<>("distances", new FloatColumn("item"));
    private final BoolColumn partials = new BoolColumn("partial");
    private final FloatColumn estimatedRecalls = new FloatColumn("estimated_recall");
    private final ListColumn<BytesColumn> documents = texts("documents");
    private final ListColumn<BytesColumn> uris = texts("uris");
    private final ListColumn<BytesColumn> metadatas = texts("metadatas");
    private final EmbeddingsOut embeddings;
    private final ListColumn<Column> embeddingLists;
    private final List<Column> columns;
    private long embeddingBytes;

    HitsColumns(Projection asked, boolean hasEstimatedRecall, @Nullable Integer dimension) {
        this.embeddings = EmbeddingsOut.of("item", dimension);
        this.embeddingLists = new ListColumn<>("embeddings", embeddings.column());
        this.columns = new ArrayList<>(List.of(queryIds, ids));
        addIf(asked.distances(), distances);
        addIf(asked.documents(), documents);
        addIf(asked.embeddings(), embeddingLists);
        addIf(asked.metadatas(), metadatas);
        addIf(asked.uris(), uris);
        addIf(hasEstimatedRecall, estimatedRecalls);
        columns.add(partials);
    }

    List<Column> columns() {
        return columns;
    }

    long sizeBytes() {
        return (long) ids.elements().count() * HIT_BYTES
                + ids.elements().sizeBytes()
                + documents.elements().sizeBytes()
                + uris.elements().sizeBytes()
                + metadatas.elements().sizeBytes()
                + embeddingBytes;
    }

    /** Empties what was not asked for too, for it counts the answers. */
    void clear() {
        columns.forEach(Column::clear);
        List.of(distances, documents, embeddingLists, metadatas, uris).forEach(Column::clear);
        embeddingBytes = 0;
    }

    void add(long queryId, Hits hits) {
        queryIds.add(queryId);
        partials.add(hits.partial());
        hits.ids().forEach(ids.elements()::add);
        ids.endList();
        float[] values = hits.distances();
        if (values != null) {
            distances.elements().addAll(values, 0, values.length);
        }
        distances.endList();
        addTexts(documents, hits.documents());
        addTexts(uris, hits.uris());
        addMetadatas(hits.metadatas());
        addEmbeddings(hits.embeddings());
        addEstimatedRecall(hits.estimatedRecall());
    }

    private void addEstimatedRecall(@Nullable Float recall) {
        if (recall != null) {
            estimatedRecalls.addAll(new float[] {recall}, 0, 1);
        }
    }

    private void addMetadatas(@Nullable List<Metadata> values) {
        if (values != null) {
            values.forEach(value -> metadatas.elements().add(MetadataText.write(value)));
        }
        metadatas.endList();
    }

    private void addEmbeddings(@Nullable List<Embedding> values) {
        if (values != null) {
            values.forEach(embeddings::add);
            values.forEach(value -> embeddingBytes += (long) value.dimension() * Float.BYTES);
        }
        embeddingLists.endList();
    }

    private static void addTexts(ListColumn<BytesColumn> column, @Nullable List<@Nullable String> texts) {
        if (texts != null) {
            texts.forEach(column.elements()::add);
        }
        column.endList();
    }

    private static ListColumn<BytesColumn> texts(String name) {
        return new ListColumn<>(name, BytesColumn.ofText("item"));
    }

    private void addIf(boolean isAsked, Column column) {
        if (isAsked) {
            columns.add(column);
        }
    }
}

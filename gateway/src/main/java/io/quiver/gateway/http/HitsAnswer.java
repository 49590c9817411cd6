package io.quiver.gateway.http;

import com.fasterxml.jackson.core.JsonGenerator;
import io.quiver.executor.query.Hits;
import io.quiver.gateway.http.Answer.Step;
import io.quiver.gateway.http.Include.Column;
import io.quiver.log.record.Embedding;
import io.quiver.log.record.LogOffset;
import io.quiver.log.record.Metadata;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Hits as the columns of Chroma's answers, written a few rows at a time. A get has one list a column, a query one for
 * each of its embeddings.
 */
final class HitsAnswer {
    private static final int ROWS_A_STEP = 128;
    static final int EMBEDDINGS_A_STEP = 8;

    private final List<Hits> answers;
    private final Include include;
    private final boolean isNested;
    private final List<Step> steps = new ArrayList<>();

    private HitsAnswer(List<Hits> answers, Include include, boolean isNested) {
        this.answers = answers;
        this.include = include;
        this.isNested = isNested;
    }

    static Iterator<Step> ofGet(Hits hits, Include include) {
        return new HitsAnswer(List.of(hits), include, false).columns().end();
    }

    /** As {@link #ofGet(Hits, Include)}, with the offset that commits may rest on. */
    static Iterator<Step> ofGet(Hits hits, Include include, LogOffset readToken) {
        HitsAnswer answer = new HitsAnswer(List.of(hits), include, false).columns();
        answer.steps.add(out -> out.writeNumberField("read_token", readToken.value()));
        return answer.end();
    }

    static Iterator<Step> ofQuery(List<Hits> hits, Include include, boolean hasEstimatedRecall) {
        HitsAnswer answer = new HitsAnswer(hits, include, true).columns();
        answer.column(Column.DISTANCES, HitsAnswer::distances, ROWS_A_STEP);
        if (hasEstimatedRecall) {
            answer.steps.add(answer::writeEstimatedRecalls);
        }
        return answer.end();
    }

    /** Writes one row of one column. */
    @FunctionalInterface
    interface Row {
        void write(JsonGenerator out, int index) throws IOException;
    }

    private HitsAnswer columns() {
        steps.add(JsonGenerator::writeStartObject);
        column("ids", HitsAnswer::ids, ROWS_A_STEP);
        column(Column.EMBEDDINGS, HitsAnswer::embeddings, EMBEDDINGS_A_STEP);
        column(Column.DOCUMENTS, hits -> texts(hits.documents()), ROWS_A_STEP);
        column(Column.URIS, hits -> texts(hits.uris()), ROWS_A_STEP);
        column(Column.METADATAS, HitsAnswer::metadatas, ROWS_A_STEP);
        return this;
    }

    private Iterator<Step> end() {
        steps.add(this::writeInclude);
        return steps.iterator();
    }

    private void column(Column column, Function<Hits, Row> rows, int rowsAStep) {
        if (include.has(column)) {
            column(column.wireName(), rows, rowsAStep);
        } else {
            steps.add(out -> out.writeNullField(column.wireName()));
        }
    }

    private void column(String name, Function<Hits, Row> rows, int rowsAStep) {
        steps.add(out -> out.writeFieldName(name));
        if (isNested) {
            steps.add(JsonGenerator::writeStartArray);
        }
        for (Hits hits : answers) {
            addList(steps, hits, rows.apply(hits), rowsAStep);
        }
        if (isNested) {
            steps.add(JsonGenerator::writeEndArray);
        }
    }

    /** Adds the steps that write one column of hits. */
    static void addList(List<Step> steps, Hits hits, Row row, int rowsAStep) {
        steps.add(JsonGenerator::writeStartArray);
        for (int from = 0; from < hits.size(); from += rowsAStep) {
            int begin = from;
            steps.add(out -> {
                int end = Math.min(hits.size(), begin + rowsAStep);
                for (int i = begin; i < end; i++) {
                    row.write(out, i);
                }
            });
        }
        steps.add(JsonGenerator::writeEndArray);
    }

    private void writeEstimatedRecalls(JsonGenerator out) throws IOException {
        out.writeArrayFieldStart("estimated_recall");
        for (Hits hits : answers) {
            out.writeObject(hits.estimatedRecall());
        }
        out.writeEndArray();
    }

    private void writeInclude(JsonGenerator out) throws IOException {
        out.writeArrayFieldStart("include");
        for (Column column : include.asked()) {
            out.writeString(column.wireName());
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    static Row ids(Hits hits) {
        return (out, index) -> out.writeString(hits.ids().get(index));
    }

    static Row texts(@Nullable List<@Nullable String> texts) {
        return (out, index) -> out.writeString(texts == null ? null : texts.get(index));
    }

    private static Row metadatas(Hits hits) {
        List<Metadata> metadatas = hits.metadatas();
        return (out, index) -> MetadataAnswer.write(out, metadatas == null ? null : metadatas.get(index));
    }

    static Row distances(Hits hits) {
        float[] distances = hits.distances();
        return (out, index) -> writeFloat(out, distances == null ? Float.NaN : distances[index]);
    }

    static Row embeddings(Hits hits) {
        List<Embedding> embeddings = hits.embeddings();
        return (out, index) -> {
            if (embeddings == null) {
                out.writeNull();
            } else {
                writeEmbedding(out, embeddings.get(index));
            }
        };
    }

    private static void writeEmbedding(JsonGenerator out, Embedding embedding) throws IOException {
        out.writeStartArray();
        for (int i = 0; i < embedding.dimension(); i++) {
            writeFloat(out, embedding.at(i));
        }
        out.writeEndArray();
    }

    /** JSON has no word for what overflowed. */
    private static void writeFloat(JsonGenerator out, float value) throws IOException {
        if (Float.isFinite(value)) {
            out.writeNumber(value);
        } else {
            out.writeNull();
        }
    }
}

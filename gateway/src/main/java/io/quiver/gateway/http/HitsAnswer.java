package io.quiver.gateway.http;

import com.fasterxml.jackson.core.JsonGenerator;
import io.quiver.executor.query.Hits;
import io.quiver.gateway.http.Answer.Step;
import io.quiver.gateway.http.Include.Column;
import io.quiver.log.record.Embedding;
import io.quiver.log.record.LogOffset;
import io.quiver.log.record.Metadata;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
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

    private HitsAnswer(List<Hits> answers, Include include, boolean isNested) {
        this.answers = answers;
        this.include = include;
        this.isNested = isNested;
    }

    static Iterator<Step> ofGet(Hits hits, Include include) {
        return new HitsAnswer(List.of(hits), include, false)
                .steps(Stream.empty())
                .iterator();
    }

    /** As {@link #ofGet(Hits, Include)}, with the offset that commits may rest on. */
    static Iterator<Step> ofGet(Hits hits, Include include, LogOffset readToken) {
        return new HitsAnswer(List.of(hits), include, false)
                .steps(Stream.of(out -> out.writeNumberField("read_token", readToken.value())))
                .iterator();
    }

    static Iterator<Step> ofQuery(List<Hits> hits, Include include, boolean hasEstimatedRecall) {
        HitsAnswer answer = new HitsAnswer(hits, include, true);
        Stream<Step> distances = answer.column(Column.DISTANCES, HitsAnswer::distances, ROWS_A_STEP);
        Stream<Step> recalls = hasEstimatedRecall ? Stream.of(answer::writeEstimatedRecalls) : Stream.empty();
        return answer.steps(Stream.concat(distances, recalls)).iterator();
    }

    /** Writes one row of one column. */
    @FunctionalInterface
    interface Row {
        void write(JsonGenerator out, int index) throws IOException;
    }

    private Stream<Step> steps(Stream<Step> ofQueries) {
        return Stream.of(
                        Stream.<Step>of(JsonGenerator::writeStartObject),
                        column("ids", HitsAnswer::ids, ROWS_A_STEP),
                        column(Column.EMBEDDINGS, HitsAnswer::embeddings, EMBEDDINGS_A_STEP),
                        column(Column.DOCUMENTS, hits -> texts(hits.documents()), ROWS_A_STEP),
                        column(Column.URIS, hits -> texts(hits.uris()), ROWS_A_STEP),
                        column(Column.METADATAS, HitsAnswer::metadatas, ROWS_A_STEP),
                        ofQueries,
                        Stream.<Step>of(this::writeInclude))
                .flatMap(steps -> steps);
    }

    private Stream<Step> column(Column column, Function<Hits, Row> rows, int rowsAStep) {
        String name = column.wireName();
        return include.has(column) ? column(name, rows, rowsAStep) : Stream.of(out -> out.writeNullField(name));
    }

    private Stream<Step> column(String name, Function<Hits, Row> rows, int rowsAStep) {
        Stream<Step> lists = answers.stream().flatMap(hits -> list(hits, rows.apply(hits), rowsAStep));
        Stream<Step> named = Stream.of(out -> out.writeFieldName(name));
        return isNested
                ? Stream.of(named, Stream.<Step>of(JsonGenerator::writeStartArray), lists, end())
                        .flatMap(steps -> steps)
                : Stream.concat(named, lists);
    }

    static Stream<Step> list(Hits hits, Row row, int rowsAStep) {
        int stepCount = Math.ceilDiv(hits.size(), rowsAStep);
        Stream<Step> rows = IntStream.range(0, stepCount).mapToObj(step -> out -> {
            int end = Math.min(hits.size(), (step + 1) * rowsAStep);
            for (int i = step * rowsAStep; i < end; i++) {
                row.write(out, i);
            }
        });
        return Stream.of(Stream.<Step>of(JsonGenerator::writeStartArray), rows, end())
                .flatMap(steps -> steps);
    }

    private static Stream<Step> end() {
        return Stream.of(JsonGenerator::writeEndArray);
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

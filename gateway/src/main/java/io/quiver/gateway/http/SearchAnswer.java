package io.quiver.gateway.http;

import com.fasterxml.jackson.core.JsonGenerator;
import io.quiver.executor.query.Hits;
import io.quiver.gateway.http.Answer.Step;
import io.quiver.log.record.Metadata;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What several searches found, as columns with one list a search, or null where it did not select the column. */
final class SearchAnswer {
    private final List<SearchPayload> searches;
    private final List<Hits> hits;

    SearchAnswer(List<SearchPayload> searches, List<Hits> hits) {
        this.searches = searches;
        this.hits = hits;
    }

    Iterator<Step> steps() {
        return Stream.of(
                        Stream.<Step>of(JsonGenerator::writeStartObject),
                        column("ids", _ -> true, i -> HitsAnswer.ids(hits.get(i))),
                        column(
                                "documents",
                                SearchSelect::hasDocuments,
                                i -> HitsAnswer.texts(hits.get(i).documents())),
                        column("embeddings", SearchSelect::hasEmbeddings, i -> HitsAnswer.embeddings(hits.get(i))),
                        column("metadatas", SearchSelect::hasMetadatas, this::metadatas),
                        column("scores", SearchSelect::hasScores, i -> HitsAnswer.distances(hits.get(i))),
                        Stream.<Step>of(this::writeSelect))
                .flatMap(steps -> steps)
                .iterator();
    }

    private Stream<Step> column(String name, Predicate<SearchSelect> isSelected, IntFunction<HitsAnswer.Row> rows) {
        Stream<Step> lists = IntStream.range(0, hits.size())
                .boxed()
                .flatMap(i -> isSelected.test(searches.get(i).select())
                        ? HitsAnswer.list(hits.get(i), rows.apply(i), HitsAnswer.EMBEDDINGS_A_STEP)
                        : Stream.of(JsonGenerator::writeNull));
        return Stream.of(
                        Stream.<Step>of(out -> out.writeArrayFieldStart(name)),
                        lists,
                        Stream.<Step>of(JsonGenerator::writeEndArray))
                .flatMap(steps -> steps);
    }

    private HitsAnswer.Row metadatas(int i) {
        SearchSelect select = searches.get(i).select();
        List<Metadata> metadatas = hits.get(i).metadatas();
        return (out, index) -> MetadataAnswer.write(out, metadatas == null ? null : select.of(metadatas.get(index)));
    }

    private void writeSelect(JsonGenerator out) throws IOException {
        out.writeArrayFieldStart("select");
        for (SearchPayload search : searches) {
            out.writeStartArray();
            for (String key : search.select().keys()) {
                out.writeString(key);
            }
            out.writeEndArray();
        }
        out.writeEndArray();
        out.writeEndObject();
    }
}

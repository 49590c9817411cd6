package io.quiver.gateway.http;

import com.fasterxml.jackson.core.JsonGenerator;
import io.quiver.executor.query.Hits;
import io.quiver.gateway.http.Answer.Step;
import io.quiver.log.record.Metadata;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.Predicate;

/** What several searches found, as columns with one list a search, or null where it did not select the column. */
final class SearchAnswer {
    private final List<SearchPayload> searches;
    private final List<Hits> hits;
    private final List<Step> steps = new ArrayList<>();

    SearchAnswer(List<SearchPayload> searches, List<Hits> hits) {
        this.searches = searches;
        this.hits = hits;
    }

    Iterator<Step> steps() {
        steps.add(JsonGenerator::writeStartObject);
        column("ids", _ -> true, i -> HitsAnswer.ids(hits.get(i)));
        column(
                "documents",
                SearchSelect::hasDocuments,
                i -> HitsAnswer.texts(hits.get(i).documents()));
        column("embeddings", SearchSelect::hasEmbeddings, i -> HitsAnswer.embeddings(hits.get(i)));
        column("metadatas", SearchSelect::hasMetadatas, this::metadatas);
        column("scores", SearchSelect::hasScores, i -> HitsAnswer.distances(hits.get(i)));
        steps.add(this::writeSelect);
        return steps.iterator();
    }

    private void column(String name, Predicate<SearchSelect> isSelected, IntFunction<HitsAnswer.Row> rows) {
        steps.add(out -> out.writeArrayFieldStart(name));
        for (int i = 0; i < hits.size(); i++) {
            if (isSelected.test(searches.get(i).select())) {
                HitsAnswer.addList(steps, hits.get(i), rows.apply(i), HitsAnswer.EMBEDDINGS_A_STEP);
            } else {
                steps.add(JsonGenerator::writeNull);
            }
        }
        steps.add(JsonGenerator::writeEndArray);
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

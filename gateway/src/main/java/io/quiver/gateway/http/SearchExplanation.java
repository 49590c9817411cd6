package io.quiver.gateway.http;

import com.fasterxml.jackson.core.JsonGenerator;
import io.quiver.executor.query.ExplanationJson;
import io.quiver.executor.query.Hits;
import io.quiver.executor.query.Projection;
import io.quiver.executor.query.Query;
import io.quiver.executor.query.Rank;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * How the nearest-neighbour searches of rank expressions are answered: each is run for itself, under the filter of its
 * search. One for sparse vectors goes through postings, exactly, and has nothing to say of segments.
 */
final class SearchExplanation {
    private final List<Query> searches;
    private final List<Asked> asked = new ArrayList<>();

    /** @param searches as they would be executed */
    SearchExplanation(List<Query> searches) {
        this.searches = searches;
        for (int i = 0; i < searches.size(); i++) {
            if (searches.get(i) instanceof Query.Search search) {
                add(i, search);
            }
        }
    }

    /** @param search which of the searches it belongs to */
    private record Asked(int search, Rank.Knn knn, Query query) {}

    private void add(int number, Query.Search search) {
        for (Rank.Knn knn : search.knns()) {
            asked.add(new Asked(number, knn, alone(search, knn)));
        }
    }

    private static Query alone(Query.Search search, Rank.Knn knn) {
        return switch (knn.target()) {
            case Rank.Target.Dense(var embedding) ->
                new Query.Nearest(
                                search.collection(),
                                embedding,
                                knn.limit(),
                                search.filter(),
                                Projection.IDS,
                                search.consistency(),
                                search.deadline())
                        .explained();
            case Rank.Target.Sparse _ ->
                new Query.Search(
                        search.collection(),
                        knn,
                        null,
                        0,
                        knn.limit(),
                        search.filter(),
                        Projection.IDS,
                        search.consistency(),
                        search.deadline());
        };
    }

    /** What to execute, in order. */
    List<Query> queries() {
        return asked.stream().map(Asked::query).toList();
    }

    /** @param hits of the queries */
    Answer.Json answer(List<Hits> hits) {
        Stream<Answer.Step> begin = Stream.of(out -> {
            out.writeStartObject();
            out.writeArrayFieldStart("searches");
        });
        Stream<Answer.Step> all = IntStream.range(0, searches.size()).mapToObj(i -> out -> writeSearch(out, i, hits));
        Stream<Answer.Step> end = Stream.of(out -> {
            out.writeEndArray();
            out.writeEndObject();
        });
        return Answer.steps(
                200, Stream.of(begin, all, end).flatMap(steps -> steps).iterator());
    }

    private void writeSearch(JsonGenerator out, int search, List<Hits> hits) throws IOException {
        out.writeStartObject();
        out.writeArrayFieldStart("knns");
        for (int i = 0; i < asked.size(); i++) {
            if (asked.get(i).search == search) {
                writeKnn(out, asked.get(i).knn, hits.get(i));
            }
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    private static void writeKnn(JsonGenerator out, Rank.Knn knn, Hits hits) throws IOException {
        out.writeStartObject();
        switch (knn.target()) {
            case Rank.Target.Dense _ -> {
                writeTarget(out, RankReader.EMBEDDING, knn);
                ExplanationJson.write(out, hits);
            }
            case Rank.Target.Sparse(var key, var vector) -> {
                writeTarget(out, key, knn);
                out.writeNumberField("terms", vector.size());
                out.writeNumberField("hits", hits.size());
                out.writeBooleanField("partial", hits.partial());
            }
        }
        out.writeEndObject();
    }

    private static void writeTarget(JsonGenerator out, String key, Rank.Knn knn) throws IOException {
        out.writeStringField("key", key);
        out.writeNumberField("limit", knn.limit());
    }
}

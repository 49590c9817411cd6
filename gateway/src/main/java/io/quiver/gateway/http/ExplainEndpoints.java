package io.quiver.gateway.http;

import com.fasterxml.jackson.core.JsonGenerator;
import io.quiver.executor.query.ExplanationJson;
import io.quiver.executor.query.Hits;
import io.quiver.executor.query.Query;
import io.quiver.log.catalog.Collection;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import reactor.core.publisher.Mono;

/**
 * How queries are answered: takes the body of a query or of a search, runs it, and says of each segment which way it
 * was searched, what that was expected to cost and what it did cost, in place of what was found.
 */
final class ExplainEndpoints {
    /** The route whose bodies these are. */
    private static final String QUERY = CollectionEndpoints.COLLECTION + "/query";

    private final CollectionFinder finder;
    private final HotAnswers hot;

    ExplainEndpoints(ApiParts parts, CollectionFinder finder) {
        this.finder = finder;
        this.hot = new HotAnswers(parts);
    }

    List<Route> routes() {
        return List.of(Route.read(HttpMethod.POST, CollectionEndpoints.COLLECTION + "/explain", this::explain));
    }

    private Mono<Answer> explain(Exchange exchange, RequestBody body) {
        return finder.byId(exchange)
                .flatMap(collection -> SearchRequest.isIn(body)
                        ? askSearch(exchange, collection, body)
                        : ask(exchange, collection, body));
    }

    private Mono<Answer> ask(Exchange exchange, Collection collection, RequestBody body) {
        QueryRequest request = QueryRequest.read(body);
        List<Query> queries = request.queries(collection, exchange.consistency(), exchange.deadline()).stream()
                .<Query>map(Query.Nearest::explained)
                .toList();
        return queries.isEmpty()
                ? Mono.just(answer(List.of()))
                : isHot(collection, body)
                        .flatMap(isHot -> exchange.search(queries)
                                .map(hits -> answer(exchange, hits)
                                        .with(RecordAnswers.CACHE_HEADER, isHot ? "hit" : "miss")));
    }

    private Mono<Answer> askSearch(Exchange exchange, Collection collection, RequestBody body) {
        SearchExplanation explanation =
                new SearchExplanation(SearchRequest.read(body).queries(collection, exchange));
        List<Query> queries = explanation.queries();
        return queries.isEmpty()
                ? Mono.just(explanation.answer(List.of()))
                : exchange.search(queries).map(hits -> {
                    RecordAnswers.requireCompleteUnlessAsked(hits, exchange);
                    return explanation
                            .answer(hits)
                            .with(RecordAnswers.headers(hits.getFirst().offset(), RecordAnswers.isPartial(hits)));
                });
    }

    /** Whether a query of this body would have been answered without the executor. */
    private Mono<Boolean> isHot(Collection collection, RequestBody body) {
        return hot.question(QUERY, collection, body)
                .map(question -> question.isPresent() && hot.find(question.get()) != null);
    }

    private static Answer.Json answer(Exchange exchange, List<Hits> hits) {
        RecordAnswers.requireCompleteUnlessAsked(hits, exchange);
        return answer(hits).with(RecordAnswers.headers(hits.getFirst().offset(), RecordAnswers.isPartial(hits)));
    }

    private static Answer.Json answer(List<Hits> hits) {
        Stream<Answer.Step> begin = Stream.of(out -> {
            out.writeStartObject();
            out.writeArrayFieldStart("queries");
        });
        Stream<Answer.Step> end = Stream.of(out -> {
            out.writeEndArray();
            out.writeEndObject();
        });
        Stream<Answer.Step> queries = hits.stream().map(found -> out -> writeQuery(out, found));
        return Answer.steps(
                200, Stream.of(begin, queries, end).flatMap(steps -> steps).iterator());
    }

    private static void writeQuery(JsonGenerator out, Hits hits) throws IOException {
        out.writeStartObject();
        ExplanationJson.write(out, hits);
        out.writeEndObject();
    }
}

package io.quiver.gateway.http;

import io.quiver.executor.query.Hits;
import io.quiver.executor.query.Query;
import io.quiver.executor.query.SearchStage;
import io.quiver.gateway.admission.OperationKind;
import io.quiver.log.catalog.Collection;
import io.quiver.log.record.LogOffset;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Records found by rank expressions. */
final class SearchEndpoints {
    private final ApiParts parts;
    private final CollectionFinder finder;
    private final HotReads hot;

    SearchEndpoints(ApiParts parts, CollectionFinder finder) {
        this.parts = parts;
        this.finder = finder;
        this.hot = new HotReads(parts);
    }

    List<Route> routes() {
        return List.of(Route.read(HttpMethod.POST, CollectionEndpoints.COLLECTION + "/search", this::search));
    }

    private Mono<Answer> search(Exchange exchange, RequestBody body) {
        return finder.byId(exchange)
                .flatMap(collection -> hot.hotOr(
                        exchange, collection, body, OperationKind.SEARCH, () -> ask(exchange, collection, body)));
    }

    private Mono<HotReads.Found> ask(Exchange exchange, Collection collection, RequestBody body) {
        long begin = System.nanoTime();
        SearchRequest request = SearchRequest.read(body);
        List<Query> queries = request.queries(collection, exchange);
        exchange.passed(SearchStage.PARSE, begin);
        return scannedAtMost(exchange, queries)
                .doOnNext(records -> chargeScanned(exchange, records))
                .map(records -> records + rankedAtMost(queries))
                .doOnNext(records -> GetRequest.requireBounded(records, request.hasEmbeddings(), collection))
                .then(Mono.defer(() -> exchange.search(queries)))
                .map(hits -> new HotReads.Found(
                        hits,
                        offset(collection, hits),
                        HotReads.json(new SearchAnswer(request.searches(), hits).steps())));
    }

    private static void chargeScanned(Exchange exchange, long records) {
        if (records > 0) {
            exchange.charge(OperationKind.READ, (double) records);
        }
    }

    private LogOffset offset(Collection collection, List<Hits> hits) {
        return hits.isEmpty()
                ? parts.log().head(collection.id())
                : hits.getFirst().offset();
    }

    private static long rankedAtMost(List<Query> queries) {
        return queries.stream()
                .mapToLong(query -> query instanceof Query.Search search ? search.hitsMax() : 0)
                .sum();
    }

    /** Records of the searches without a rank, whose limit alone may say little. */
    private static Mono<Long> scannedAtMost(Exchange exchange, List<Query> queries) {
        return Flux.fromIterable(queries)
                .ofType(Query.Scan.class)
                .concatMap(scan -> ScanSize.atMost(scan, exchange.executor()))
                .reduce(0L, Long::sum);
    }
}

package io.quiver.gateway.http;

import io.quiver.executor.query.Consistency;
import io.quiver.executor.query.Filter;
import io.quiver.executor.query.Hits;
import io.quiver.executor.query.Query;
import io.quiver.executor.query.SearchStage;
import io.quiver.flight.service.HitsStream;
import io.quiver.gateway.admission.OperationKind;
import io.quiver.log.catalog.Collection;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import reactor.core.publisher.Mono;

/** Records read: the hot-result cache is asked first, then the executor. */
final class ReadEndpoints {
    private final ApiParts parts;
    private final CollectionFinder finder;
    private final HotReads hot;

    ReadEndpoints(ApiParts parts, CollectionFinder finder) {
        this.parts = parts;
        this.finder = finder;
        this.hot = new HotReads(parts);
    }

    List<Route> routes() {
        return List.of(
                Route.read(HttpMethod.POST, CollectionEndpoints.COLLECTION + "/get", this::get),
                Route.compactRead(CollectionEndpoints.COLLECTION + "/query", this::query),
                Route.read(HttpMethod.GET, CollectionEndpoints.COLLECTION + "/count", this::count),
                Route.read(HttpMethod.GET, CollectionEndpoints.COLLECTION + "/indexing_status", this::indexingStatus));
    }

    private Mono<Answer> get(Exchange exchange, RequestBody body) {
        return finder.byId(exchange)
                .flatMap(collection -> hot.hotOr(
                        exchange, collection, body, OperationKind.READ, () -> askGet(exchange, collection, body)));
    }

    private Mono<Answer> query(Exchange exchange, RequestBody body) {
        return finder.byId(exchange)
                .flatMap(collection -> hot.hotOr(
                        exchange, collection, body, OperationKind.SEARCH, () -> askQuery(exchange, collection, body)));
    }

    private Mono<HotReads.Found> askGet(Exchange exchange, Collection collection, RequestBody body) {
        GetRequest request = GetRequest.read(body);
        Query.Scan scan = request.query(collection, exchange);
        return ScanSize.atMost(scan, exchange.executor())
                .doOnNext(records -> request.requireBounded(records, collection))
                .doOnNext(records -> exchange.charge(OperationKind.READ, (double) Math.max(1, records)))
                .then(Mono.defer(() -> exchange.executor().execute(List.of(scan))))
                .map(hits -> new HotReads.Found(
                        hits,
                        hits.getFirst().offset(),
                        HotReads.json(HitsAnswer.ofGet(hits.getFirst(), request.include()))));
    }

    private Mono<HotReads.Found> askQuery(Exchange exchange, Collection collection, RequestBody body) {
        long begin = System.nanoTime();
        QueryRequest request = QueryRequest.read(exchange, collection, body);
        List<Query> queries = List.copyOf(request.queries(collection, exchange.consistency(), exchange.deadline()));
        exchange.passed(SearchStage.PARSE, begin);
        return exchange.search(queries)
                .map(all -> new HotReads.Found(
                        all,
                        all.isEmpty()
                                ? parts.log().head(collection.id())
                                : all.getFirst().offset(),
                        content(exchange, collection, request, all)));
    }

    private HotReads.Content content(Exchange exchange, Collection collection, QueryRequest request, List<Hits> all) {
        return exchange.wantsArrow()
                ? HotReads.bytes(
                        HitsStream.MEDIA_TYPE,
                        parts.arrow()
                                .write(
                                        all,
                                        request.include().projection(),
                                        request.estimateRecall(),
                                        collection.dimension()))
                : HotReads.json(HitsAnswer.ofQuery(all, request.include(), request.estimateRecall()));
    }

    private Mono<Answer> count(Exchange exchange, RequestBody body) {
        Consistency consistency = consistency(exchange);
        exchange.charge(OperationKind.READ, 1);
        return finder.byId(exchange)
                .flatMap(collection -> count(exchange, collection, consistency))
                .map(counted -> Answer.ok(out -> out.writeNumber(counted.total()))
                        .with(RecordAnswers.OFFSET_HEADER, counted.offset().toString()));
    }

    private static Consistency consistency(Exchange exchange) {
        String readLevel = Pages.text(exchange, "read_level");
        return switch (readLevel) {
            case null -> exchange.consistency();
            case "index_and_wal", "index_and_bounded_wal" -> Consistency.STRONG;
            case "index_only" -> new Consistency.IndexOnly();
            default ->
                throw Pages.refused("read_level: unknown variant `%s`, expected one of `index_and_wal`, `index_only`,"
                                .formatted(BadBody.shortened(readLevel, 64))
                        + " `index_and_bounded_wal`");
        };
    }

    private Mono<Hits> count(Exchange exchange, Collection collection, Consistency consistency) {
        Query count = new Query.Count(collection.id(), Filter.ALL, consistency, exchange.deadline());
        return exchange.executor().execute(List.of(count)).map(List::getFirst).doOnNext(RecordAnswers::requireComplete);
    }

    /** Records in sealed segments count as indexed, those still in the delta do not, though both are searched. */
    private Mono<Answer> indexingStatus(Exchange exchange, RequestBody body) {
        exchange.charge(OperationKind.READ, 1);
        return finder.byId(exchange)
                .flatMap(collection -> Mono.zip(
                        count(exchange, collection, Consistency.STRONG).map(Hits::total),
                        count(exchange, collection, new Consistency.IndexOnly()).map(Hits::total)))
                .map(counts -> indexingStatus(counts.getT1(), Math.min(counts.getT1(), counts.getT2())));
    }

    private static Answer indexingStatus(long total, long indexed) {
        return Answer.ok(out -> {
            out.writeStartObject();
            out.writeNumberField("op_indexing_progress", total == 0 ? 1.0 : (double) indexed / total);
            out.writeNumberField("num_unindexed_ops", total - indexed);
            out.writeNumberField("num_indexed_ops", indexed);
            out.writeNumberField("total_ops", total);
            out.writeEndObject();
        });
    }
}

package io.quiver.gateway.http;

import io.quiver.executor.query.Consistency;
import io.quiver.executor.query.Hits;
import io.quiver.executor.query.Query;
import io.quiver.gateway.admission.OperationKind;
import io.quiver.log.Unchanged;
import io.quiver.log.catalog.Collection;
import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.LogOffset;
import io.quiver.log.record.QuiverException;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * Optimistic transactions: reads say at which offset of the log they were true, and a commit that rests on them is
 * refused where the log has since got an entry about a record that was read, or is written.
 */
final class ConditionalEndpoints {
    private final ApiParts parts;
    private final CollectionFinder finder;
    private final Scheduler workers;

    /** @param workers where the log is looked through, for an event loop does not wait */
    ConditionalEndpoints(ApiParts parts, CollectionFinder finder, Scheduler workers) {
        this.parts = parts;
        this.finder = finder;
        this.workers = workers;
    }

    List<Route> routes() {
        return List.of(
                Route.read(HttpMethod.POST, CollectionEndpoints.COLLECTION + "/conditional/get", this::get),
                Route.write(CollectionEndpoints.COLLECTION + "/conditional/commit", this::commit));
    }

    private Mono<Answer> get(Exchange exchange, RequestBody body) {
        ConditionalGetRequest request = ConditionalGetRequest.read(body);
        return finder.byId(exchange).flatMap(collection -> get(exchange, collection, request));
    }

    /**
     * At least as new as the whole log is now, so that the token is no older, however long ago the collection was
     * written.
     */
    private Mono<Answer> get(Exchange exchange, Collection collection, ConditionalGetRequest request) {
        LogOffset head = parts.log().head();
        Query.Scan scan = request.get().query(collection, exchange, new Consistency.AtLeast(head));
        return ScanSize.atMost(scan, exchange.executor())
                .doOnNext(records -> request.get().requireBounded(records, collection))
                .doOnNext(records -> exchange.charge(OperationKind.READ, (double) Math.max(1, records)))
                .then(Mono.defer(() -> exchange.executor().execute(List.of(scan))))
                .map(List::getFirst)
                .doOnNext(RecordAnswers::requireComplete)
                .flatMap(hits -> token(collection, request, newer(head, hits.offset()))
                        .map(token -> answer(hits, request.get().include(), token)));
    }

    private static LogOffset newer(LogOffset one, LogOffset other) {
        return one.isAfter(other) ? one : other;
    }

    /** A read of a transaction that has begun must be true at the beginning too. */
    private Mono<LogOffset> token(Collection collection, ConditionalGetRequest request, LogOffset now) {
        LogOffset earlier = request.readToken();
        return earlier == null
                ? Mono.just(now)
                : parts.log()
                        .requireUnchanged(collection.id(), request.condition(earlier))
                        .subscribeOn(workers)
                        .thenReturn(earlier)
                        .onErrorMap(ConditionalEndpoints::isConflict, _ -> stale(earlier));
    }

    private static boolean isConflict(Throwable failure) {
        return failure instanceof QuiverException refusal && refusal.code() == ErrorCode.WRITE_CONFLICT;
    }

    private static QuiverException stale(LogOffset token) {
        return new QuiverException(
                ErrorCode.STALE_READ,
                "What is asked for has changed since the read token %s: begin again".formatted(token));
    }

    private static Answer answer(Hits hits, Include include, LogOffset token) {
        return Answer.steps(200, HitsAnswer.ofGet(hits, include, token))
                .with(RecordAnswers.headers(hits.offset(), false));
    }

    private Mono<Answer> commit(Exchange exchange, RequestBody body) {
        CommitRequest request = CommitRequest.read(body);
        return finder.byId(exchange)
                .flatMap(collection -> commit(collection, request))
                .map(offset -> committed(offset, request.operations().size()));
    }

    private Mono<LogOffset> commit(Collection collection, CommitRequest request) {
        Unchanged condition = request.condition();
        return condition == null
                ? parts.writer().write(collection, request.operations())
                : parts.writer()
                        .write(collection, request.operations(), condition)
                        .subscribeOn(workers);
    }

    private static Answer committed(LogOffset offset, int count) {
        return Answer.ok(out -> {
                    out.writeStartObject();
                    if (count == 0) {
                        out.writeNullField("first_inserted_record_offset");
                    } else {
                        out.writeNumberField("first_inserted_record_offset", offset.value());
                    }
                    out.writeNumberField("record_count", count);
                    out.writeEndObject();
                })
                .with(RecordAnswers.OFFSET_HEADER, offset.toString());
    }
}

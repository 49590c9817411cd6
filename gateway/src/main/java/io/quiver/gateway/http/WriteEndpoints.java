package io.quiver.gateway.http;

import io.quiver.executor.query.Consistency;
import io.quiver.executor.query.Filter;
import io.quiver.executor.query.Projection;
import io.quiver.executor.query.Query;
import io.quiver.log.catalog.Collection;
import io.quiver.log.record.LogOffset;
import io.quiver.log.record.Operation;
import java.util.List;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** Records written: a request is one batch in the log, all of it or nothing; a delete by filter may be several. */
final class WriteEndpoints {
    /** Records found and deleted in one batch. */
    static final int DELETED_A_BATCH = 10_000;

    private final ApiParts parts;
    private final CollectionFinder finder;
    private final Scheduler workers;

    /** @param workers where large batches are made and checked, for neither an event loop nor the executor waits */
    WriteEndpoints(ApiParts parts, CollectionFinder finder, Scheduler workers) {
        this.parts = parts;
        this.finder = finder;
        this.workers = workers;
    }

    List<Route> routes() {
        return List.of(
                Route.write(CollectionEndpoints.COLLECTION + "/add", writing(RecordsRequest.Kind.ADD, 201)),
                Route.write(CollectionEndpoints.COLLECTION + "/update", writing(RecordsRequest.Kind.UPDATE, 200)),
                Route.write(CollectionEndpoints.COLLECTION + "/upsert", writing(RecordsRequest.Kind.UPSERT, 200)),
                Route.write(CollectionEndpoints.COLLECTION + "/delete", this::delete));
    }

    private Route.Endpoint writing(RecordsRequest.Kind kind, int status) {
        return (exchange, body) -> {
            List<Operation> operations = RecordsRequest.read(body, kind);
            return finder.byId(exchange)
                    .flatMap(collection -> parts.writer().write(collection, operations))
                    .map(offset -> Answer.empty(status).with(RecordAnswers.OFFSET_HEADER, offset.toString()));
        };
    }

    private Mono<Answer> delete(Exchange exchange, RequestBody body) {
        DeleteRequest request = DeleteRequest.read(body);
        return finder.byId(exchange)
                .flatMap(collection -> request.hasWhere()
                        ? deleteFound(exchange, collection, request)
                        : deleteNamed(collection, request.operations()));
    }

    private Mono<Answer> deleteNamed(Collection collection, List<Operation> deletes) {
        return parts.writer().write(collection, deletes).map(offset -> deleted(deletes.size(), offset));
    }

    /**
     * Batch after batch, for the matches may be more than one batch can hold. What one batch deleted, the next one does
     * not find any more.
     */
    private Mono<Answer> deleteFound(Exchange exchange, Collection collection, DeleteRequest request) {
        Filter filter = request.filter(collection.schema());
        Batch first = new Batch(0, parts.log().head(collection.id()), request.limit() == 0);
        return Mono.just(first)
                .expand(batch ->
                        batch.isLast ? Mono.empty() : deleteBatch(exchange, collection, filter, batch, request.limit()))
                .last()
                .map(last -> deleted(last.deleted, last.offset));
    }

    /** @param deleted in all batches so far */
    private record Batch(int deleted, LogOffset offset, boolean isLast) {}

    private Mono<Batch> deleteBatch(Exchange exchange, Collection collection, Filter filter, Batch before, int limit) {
        int wanted = Math.min(DELETED_A_BATCH, limit - before.deleted);
        Query scan = new Query.Scan(
                collection.id(), 0, wanted, filter, Projection.IDS, Consistency.STRONG, exchange.deadline());
        return parts.executor()
                .execute(List.of(scan))
                .publishOn(workers)
                .map(List::getFirst)
                .flatMap(hits -> {
                    RecordAnswers.requireComplete(hits);
                    List<Operation> deletes = hits.ids().stream()
                            .<Operation>map(Operation.Delete::new)
                            .toList();
                    int deleted = before.deleted + deletes.size();
                    boolean isLast = deletes.size() < wanted || deleted == limit;
                    return parts.writer().write(collection, deletes).map(offset -> new Batch(deleted, offset, isLast));
                });
    }

    private static Answer deleted(int count, LogOffset offset) {
        return Answer.ok(out -> {
                    out.writeStartObject();
                    out.writeNumberField("deleted", count);
                    out.writeEndObject();
                })
                .with(RecordAnswers.OFFSET_HEADER, offset.toString());
    }
}

package io.quiver.gateway.http;

import io.quiver.log.catalog.Names;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import reactor.core.publisher.Mono;

/** Collections made out of others, which share with them what neither changes. */
final class ForkEndpoints {
    private final ApiParts parts;
    private final CollectionFinder finder;
    private final CollectionEndpoints collections;

    ForkEndpoints(ApiParts parts, CollectionFinder finder) {
        this.parts = parts;
        this.finder = finder;
        this.collections = new CollectionEndpoints(parts, finder);
    }

    List<Route> routes() {
        return List.of(
                Route.adminWithBody(HttpMethod.POST, CollectionEndpoints.COLLECTION + "/fork", this::fork),
                Route.admin(HttpMethod.GET, CollectionEndpoints.COLLECTION + "/fork_count", this::count));
    }

    private Mono<Answer> fork(Exchange exchange, RequestBody body) {
        String name = FieldsRequest.read(body, "new_name").requiredText("new_name");
        Names.checkNewCollectionName(name);
        exchange.named(name);
        return finder.byId(exchange)
                .flatMap(source -> parts.forks().fork(source.id(), name))
                .map(collections::answer);
    }

    /** Of the whole line: the root has as many forks as each of its forks. */
    private Mono<Answer> count(Exchange exchange, RequestBody body) {
        return finder.byId(exchange)
                .flatMap(collection -> parts.catalog().countForks(collection.id()))
                .map(count -> Answer.ok(out -> {
                    out.writeStartObject();
                    out.writeNumberField("count", count);
                    out.writeEndObject();
                }));
    }
}

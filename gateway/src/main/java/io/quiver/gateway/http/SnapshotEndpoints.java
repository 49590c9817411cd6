package io.quiver.gateway.http;

import com.fasterxml.jackson.core.JsonGenerator;
import io.quiver.gateway.http.Snapshots.Snapshot;
import io.quiver.log.record.QuiverException;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.util.List;
import reactor.core.publisher.Mono;

/** Backups, for those who run the server. */
final class SnapshotEndpoints {
    static final String SNAPSHOTS = "/api/v2/admin/snapshots";

    private final Snapshots snapshots;

    SnapshotEndpoints(Snapshots snapshots) {
        this.snapshots = snapshots;
    }

    List<Route> routes() {
        return List.of(
                Route.admin(HttpMethod.POST, SNAPSHOTS, this::take),
                Route.admin(HttpMethod.GET, SNAPSHOTS, this::list),
                Route.admin(HttpMethod.DELETE, SNAPSHOTS + "/{snapshot}", this::delete));
    }

    private Mono<Answer> take(Exchange exchange, RequestBody body) {
        return snapshots.take(isFull(exchange)).map(snapshot -> Answer.json(201, out -> write(out, snapshot)));
    }

    private static boolean isFull(Exchange exchange) {
        String kind = exchange.request().getParam("kind");
        return switch (kind == null ? "incremental" : kind) {
            case "incremental" -> false;
            case "full" -> true;
            default -> throw QuiverException.invalid("kind must be incremental or full, not '%s'".formatted(kind));
        };
    }

    private Mono<Answer> list(Exchange exchange, RequestBody body) {
        return Mono.just(Answer.array(snapshots.list(), SnapshotEndpoints::write));
    }

    private Mono<Answer> delete(Exchange exchange, RequestBody body) {
        String id = exchange.parameter(0);
        return snapshots.delete(id).map(isDeleted -> {
            if (!isDeleted) {
                throw QuiverException.notFound("Snapshot [%s] does not exist".formatted(id));
            }
            return Answer.empty(200);
        });
    }

    private static void write(JsonGenerator out, Snapshot snapshot) throws IOException {
        out.writeStartObject();
        out.writeStringField("id", snapshot.id());
        out.writeStringField("created_at", snapshot.createdAt().toString());
        out.writeStringField("kind", snapshot.isFull() ? "full" : "incremental");
        out.writeNumberField("offset", snapshot.offset().value());
        out.writeStringField("previous", snapshot.previous());
        out.writeNumberField("collections", snapshot.collections());
        out.writeNumberField("size_bytes", snapshot.sizeBytes());
        out.writeEndObject();
    }
}

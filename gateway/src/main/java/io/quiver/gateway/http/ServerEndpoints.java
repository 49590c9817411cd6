package io.quiver.gateway.http;

import io.quiver.gateway.auth.Caller;
import io.quiver.log.catalog.Database;
import io.quiver.log.catalog.Tenant;
import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.QuiverException;
import io.vertx.core.http.HttpMethod;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import reactor.core.publisher.Mono;

/** What the server says of itself. */
final class ServerEndpoints {
    private static final String V1_MESSAGE = "The v1 API is deprecated. Please use /v2 apis";

    static final String V1 = "/api/v1/{any*}";

    private final ApiParts parts;

    ServerEndpoints(ApiParts parts) {
        this.parts = parts;
    }

    List<Route> routes() {
        Stream<Route> v1 = Stream.of("GET", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")
                .map(method -> new Route(HttpMethod.valueOf(method), V1, false, false, Route.Cost.FREE, this::v1));
        return Stream.concat(current(), v1).toList();
    }

    private Stream<Route> current() {
        return Stream.of(
                Route.free("/api/v2", this::heartbeat),
                Route.free("/api/v2/", this::heartbeat),
                Route.free("/api/v2/heartbeat", this::heartbeat),
                Route.free("/api/v2/healthcheck", this::healthcheck),
                Route.free("/api/v2/version", this::version),
                Route.free("/api/v2/pre-flight-checks", this::preFlightChecks),
                Route.free("/api/v2/auth/identity", this::identity),
                Route.admin(HttpMethod.POST, "/api/v2/reset", this::reset));
    }

    private Mono<Answer> heartbeat(Exchange exchange, RequestBody body) {
        Instant now = Instant.now();
        long nanos = Math.addExact(Math.multiplyExact(now.getEpochSecond(), 1_000_000_000L), now.getNano());
        return Mono.just(Answer.ok(out -> {
            out.writeStartObject();
            out.writeNumberField("nanosecond heartbeat", nanos);
            out.writeEndObject();
        }));
    }

    private Mono<Answer> healthcheck(Exchange exchange, RequestBody body) {
        boolean isReady = parts.isReady().getAsBoolean();
        return Mono.just(Answer.json(isReady ? 200 : 503, out -> {
            out.writeStartObject();
            out.writeBooleanField("is_executor_ready", isReady);
            out.writeBooleanField("is_log_client_ready", isReady);
            out.writeEndObject();
        }));
    }

    private Mono<Answer> version(Exchange exchange, RequestBody body) {
        return Mono.just(Answer.ok(out -> out.writeString(parts.settings().version())));
    }

    private Mono<Answer> preFlightChecks(Exchange exchange, RequestBody body) {
        return Mono.just(Answer.ok(out -> {
            out.writeStartObject();
            out.writeNumberField("max_batch_size", parts.settings().limits().idsMax());
            out.writeBooleanField("supports_base64_encoding", true);
            out.writeEndObject();
        }));
    }

    private Mono<Answer> identity(Exchange exchange, RequestBody body) {
        Caller caller = exchange.access().caller();
        boolean isKnown = !caller.name().isEmpty();
        return Mono.just(Answer.ok(out -> {
            out.writeStartObject();
            out.writeStringField("user_id", caller.name());
            out.writeStringField("tenant", isKnown ? caller.tenant() : Tenant.DEFAULT);
            out.writeArrayFieldStart("databases");
            out.writeString(isKnown ? caller.database() : Database.DEFAULT);
            out.writeEndArray();
            out.writeEndObject();
        }));
    }

    private Mono<Answer> reset(Exchange exchange, RequestBody body) {
        if (!parts.settings().allowReset()) {
            throw new QuiverException(ErrorCode.PERMISSION_DENIED, "Reset is disabled by config");
        }
        return parts.catalog().reset().thenReturn(Answer.ok(out -> out.writeBoolean(true)));
    }

    /** The one answer of the first version of the API, under its own name. */
    private Mono<Answer> v1(Exchange exchange, RequestBody body) {
        return Mono.just(Answer.json(410, out -> {
                    out.writeStartObject();
                    out.writeStringField("error", "Unimplemented");
                    out.writeStringField("message", V1_MESSAGE);
                    out.writeEndObject();
                })
                .with(Map.of(Problems.TRACE_HEADER, exchange.traceId())));
    }
}

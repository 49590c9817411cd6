package io.quiver.gateway.server;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Locale;

/**
 * What those who run the server ask: {@code /healthz}, {@code /readyz}, {@code /metrics}. All other paths go on to the
 * API. Called on event loops; answers from memory.
 */
final class OperatorDoor implements Handler<HttpServerRequest> {
    private static final String METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";
    private static final int OK = 200;
    private static final int METHOD_NOT_ALLOWED = 405;
    private static final int UNAVAILABLE = 503;

    private final Readiness readiness;
    private final PrometheusMeterRegistry meters;
    private final Handler<HttpServerRequest> api;

    OperatorDoor(Readiness readiness, PrometheusMeterRegistry meters, Handler<HttpServerRequest> api) {
        this.readiness = readiness;
        this.meters = meters;
        this.api = api;
    }

    @Override
    public void handle(HttpServerRequest request) {
        switch (request.path()) {
            case "/healthz" -> answer(request, OK, new JsonObject().put("status", "live"));
            case "/readyz" -> answer(request, readiness.isReady() ? OK : UNAVAILABLE, readiness());
            case "/metrics" -> metrics(request);
            case null, default -> api.handle(request);
        }
    }

    private JsonObject readiness() {
        var damaged = new JsonArray();
        readiness
                .damaged()
                .forEach((id, reason) -> damaged.add(
                        new JsonObject().put("collection_id", id.toString()).put("reason", reason)));
        Readiness.State state = readiness.state();
        return new JsonObject()
                .put("status", state.name().toLowerCase(Locale.ROOT))
                .put("reason", state.reason())
                .put("damaged_collections", damaged);
    }

    private void metrics(HttpServerRequest request) {
        if (isRead(request)) {
            request.response().putHeader(HttpHeaders.CONTENT_TYPE, METRICS_TYPE).end(meters.scrape());
        }
    }

    private static void answer(HttpServerRequest request, int status, JsonObject body) {
        if (isRead(request)) {
            request.response()
                    .setStatusCode(status)
                    .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                    .end(body.toBuffer());
        }
    }

    /** Whether the method fits; answers where it does not. */
    private static boolean isRead(HttpServerRequest request) {
        boolean fits = HttpMethod.GET.equals(request.method()) || HttpMethod.HEAD.equals(request.method());
        if (!fits) {
            request.response().setStatusCode(METHOD_NOT_ALLOWED).end();
        }
        return fits;
    }
}

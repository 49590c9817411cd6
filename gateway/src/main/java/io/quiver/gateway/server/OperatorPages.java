package io.quiver.gateway.server;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import java.util.Map;

/** What those who run the server look at. Called on event loops; answers from memory. */
final class OperatorPages {
    private static final String METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    /** Has exemplars too. */
    private static final String OPEN_METRICS_TYPE = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    private static final int OK = 200;
    private static final int UNAVAILABLE = 503;

    private final Readiness readiness;
    private final PrometheusMeterRegistry meters;
    private final boolean tellsWhichAreDamaged;

    /** @param tellsWhichAreDamaged whether all who ask for readiness may know which collections are damaged */
    OperatorPages(Readiness readiness, PrometheusMeterRegistry meters, boolean tellsWhichAreDamaged) {
        this.readiness = readiness;
        this.meters = meters;
        this.tellsWhichAreDamaged = tellsWhichAreDamaged;
    }

    /** Answers to GET, by path. */
    Map<String, Handler<HttpServerRequest>> byPath() {
        return Map.of("/healthz", this::health, "/readyz", this::readiness, "/metrics", this::metrics);
    }

    /** An event loop that answers lives; whether the rest is well is asked of {@code /readyz}. */
    private void health(HttpServerRequest request) {
        answer(request, OK, new JsonObject().put("status", "live"));
    }

    private void readiness(HttpServerRequest request) {
        Readiness.State state = readiness.state();
        var body = new JsonObject()
                .put("status", state.name().toLowerCase(Locale.ROOT))
                .put("reason", state.reason())
                .put("writes_refused", readiness.writesRefused());
        if (tellsWhichAreDamaged) {
            body.put("damaged_collections", damaged());
            body.put("catalog_mended", new JsonArray(readiness.catalogMended()));
            body.put("catalog_damaged", new JsonArray(readiness.catalogDamaged()));
        }
        answer(request, state == Readiness.State.READY ? OK : UNAVAILABLE, body);
    }

    private JsonArray damaged() {
        var damaged = new JsonArray();
        readiness
                .damaged()
                .forEach((id, reason) -> damaged.add(
                        new JsonObject().put("collection_id", id.toString()).put("reason", reason)));
        return damaged;
    }

    private void metrics(HttpServerRequest request) {
        String wanted = request.getHeader(HttpHeaders.ACCEPT);
        boolean isOpen = wanted != null && wanted.contains("application/openmetrics-text");
        String type = isOpen ? OPEN_METRICS_TYPE : METRICS_TYPE;
        request.response().putHeader(HttpHeaders.CONTENT_TYPE, type).end(meters.scrape(type));
    }

    private static void answer(HttpServerRequest request, int status, JsonObject body) {
        request.response()
                .setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .end(body.toBuffer());
    }
}

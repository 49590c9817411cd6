package io.quiver.gateway.http;

import io.quiver.gateway.admission.Lane;
import io.quiver.log.catalog.Tenant;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * One operation of the API.
 *
 * @param template its path, with parameters in braces
 * @param hasBody whether it reads a body
 * @param isCompact whether the body may be floats, and the answer Arrow, instead of JSON
 */
record Route(HttpMethod method, String template, boolean hasBody, boolean isCompact, Cost cost, Endpoint endpoint) {
    private static final Set<String> OF_RECORDS = Set.of("add", "update", "upsert", "query", "search");

    /** What its tenant pays, and when. */
    enum Cost {
        /** Nothing. */
        FREE(null),
        /** One unit of administration, before the body is read. */
        ADMIN(Lane.ADMIN),
        /** A unit of writing for each byte of the body; before it is read, if its length is said. */
        BYTES(Lane.WRITE),
        /** What the endpoint charges when it knows what is asked. */
        BY_ENDPOINT(Lane.READ);

        private final @Nullable Lane lane;

        Cost(@Nullable Lane lane) {
            this.lane = lane;
        }

        /** Among what its work takes a place; {@code null} where it takes none. */
        @Nullable Lane lane() {
            return lane;
        }
    }

    /**
     * Whether its bodies have as many records or embeddings as callers like: what is too long is told in plain text
     * there.
     */
    boolean isOfRecords() {
        return OF_RECORDS.contains(template.substring(template.lastIndexOf('/') + 1));
    }

    /** Who pays: the tenant of the path, or the default one. */
    String tenant(List<String> parameters) {
        return template.startsWith(TenantEndpoints.TENANT) ? parameters.getFirst() : Tenant.DEFAULT;
    }

    /** Answers requests of one route. */
    @FunctionalInterface
    interface Endpoint {
        /**
         * Called once a request, on its event loop or, for a large body, on a worker thread: reads the body, then asks
         * without waiting. Refusals are {@link io.quiver.log.record.QuiverException}, thrown or in the {@code Mono}.
         */
        Mono<? extends Answer> answer(Exchange exchange, RequestBody body);
    }

    /** Without a body, at the cost of administration. */
    static Route admin(HttpMethod method, String template, Endpoint endpoint) {
        return new Route(method, template, false, false, Cost.ADMIN, endpoint);
    }

    /** With a body, at the cost of administration. */
    static Route adminWithBody(HttpMethod method, String template, Endpoint endpoint) {
        return new Route(method, template, true, false, Cost.ADMIN, endpoint);
    }

    /** For whoever asks what the server is and has. */
    static Route free(String template, Endpoint endpoint) {
        return new Route(HttpMethod.GET, template, false, false, Cost.FREE, endpoint);
    }

    /** Reads records. */
    static Route read(HttpMethod method, String template, Endpoint endpoint) {
        return new Route(method, template, HttpMethod.POST.equals(method), false, Cost.BY_ENDPOINT, endpoint);
    }

    /** Reads records; besides JSON, it takes floats with parameters in the path, and answers in Arrow. */
    static Route compactRead(String template, Endpoint endpoint) {
        return new Route(HttpMethod.POST, template, true, true, Cost.BY_ENDPOINT, endpoint);
    }

    /** Writes records. */
    static Route write(String template, Endpoint endpoint) {
        return new Route(HttpMethod.POST, template, true, false, Cost.BYTES, endpoint);
    }
}

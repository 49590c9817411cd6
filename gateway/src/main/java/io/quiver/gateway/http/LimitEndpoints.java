package io.quiver.gateway.http;

import java.util.List;
import reactor.core.publisher.Mono;

/** Tells callers every limit that they may meet. */
final class LimitEndpoints {
    private final List<ListedLimit> limits;

    LimitEndpoints(List<ListedLimit> limits) {
        this.limits = limits;
    }

    List<Route> routes() {
        return List.of(Route.free("/limits", this::limits));
    }

    private Mono<Answer> limits(Exchange exchange, RequestBody body) {
        return Mono.just(Answer.ok(out -> {
            out.writeStartObject();
            out.writeArrayFieldStart("limits");
            for (ListedLimit limit : limits) {
                limit.write(out);
            }
            out.writeEndArray();
            out.writeEndObject();
        }));
    }
}

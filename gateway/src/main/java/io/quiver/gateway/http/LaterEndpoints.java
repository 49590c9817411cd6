package io.quiver.gateway.http;

import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.QuiverException;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import reactor.core.publisher.Mono;

/** Routes of the contract that this server does not serve: it says so, in the contract's form. */
final class LaterEndpoints {
    private LaterEndpoints() {}

    static List<Route> routes() {
        return List.of(
                post("/functions/attach", "Attaching functions"),
                route(HttpMethod.GET, "/functions/{name}", "Attaching functions"),
                post("/attached_functions/{name}/add_input", "Attaching functions"),
                post("/attached_functions/{name}/detach", "Attaching functions"));
    }

    private static Route post(String path, String feature) {
        return route(HttpMethod.POST, path, feature);
    }

    private static Route route(HttpMethod method, String path, String feature) {
        return Route.admin(
                method,
                CollectionEndpoints.COLLECTION + path,
                (exchange, body) -> Mono.error(
                        new QuiverException(ErrorCode.UNIMPLEMENTED, feature + " is not supported by this server")));
    }
}

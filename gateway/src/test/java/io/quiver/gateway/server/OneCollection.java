package io.quiver.gateway.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;

/**
 * A collection of three dimensions of a server that may be started anew, as a client without a library sees it. Safe on
 * every thread but for {@link #at}.
 */
final class OneCollection {
    private static final String COLLECTIONS = "/api/v2/tenants/default_tenant/databases/default_database/collections";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI server;
    private final String path;

    private OneCollection(URI server, String path) {
        this.server = server;
        this.path = path;
    }

    static OneCollection create(URI server, String name) throws IOException, InterruptedException {
        HttpResponse<String> created = new OneCollection(server, "").createAnother(name);
        assertEquals(200, created.statusCode(), created.body());
        return new OneCollection(server, COLLECTIONS + "/" + new JsonObject(created.body()).getString("id"));
    }

    /** The same of a server that has come after. */
    OneCollection at(URI next) {
        return new OneCollection(next, path);
    }

    /** Where one of its routes is. */
    URI route(String name) {
        return server.resolve(path + name);
    }

    HttpResponse<String> createAnother(String name) throws IOException, InterruptedException {
        return post(server.resolve(COLLECTIONS), "{\"name\":\"" + name + "\"}");
    }

    /** Adds a record whose embedding ends with this number. */
    HttpResponse<String> add(String id, int number) throws IOException, InterruptedException {
        return post("/add", "{\"ids\":[\"%s\"],\"embeddings\":[[1,2,%d]]}".formatted(id, number));
    }

    HttpResponse<String> nearest() throws IOException, InterruptedException {
        return post("/query", "{\"query_embeddings\":[[1,2,3]],\"n_results\":3,\"include\":[]}");
    }

    Set<String> ids() throws IOException, InterruptedException {
        HttpResponse<String> answer = post("/get", "{\"include\":[]}");
        assertEquals(200, answer.statusCode(), answer.body());
        Set<String> ids = new TreeSet<>();
        new JsonObject(answer.body()).getJsonArray("ids").forEach(id -> ids.add((String) id));
        return ids;
    }

    HttpResponse<String> post(String route, String body) throws IOException, InterruptedException {
        return post(route(route), body);
    }

    private HttpResponse<String> post(URI uri, String body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(uri)
                .timeout(PATIENCE)
                .header("content-type", "application/json")
                .POST(BodyPublishers.ofString(body))
                .build();
        return client.send(request, BodyHandlers.ofString());
    }

    HttpResponse<String> get(String pathOfServer) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(server.resolve(pathOfServer)).build(), BodyHandlers.ofString());
    }
}

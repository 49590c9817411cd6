package io.quiver.gateway.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** Asks as a caller does, and again where the server says that it must first catch up with what was written. */
final class JsonClient implements AutoCloseable {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String DATABASE = "/api/v2/tenants/default_tenant/databases/default_database/collections";
    private static final int TOO_MANY = 429;
    private static final Duration PAUSE = Duration.ofMillis(50);

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI server;

    JsonClient(URI server) {
        this.server = server;
    }

    /** Creates a collection, returns its id. */
    String create(String name, String space) {
        JsonNode body = parse("{\"name\":\"%s\",\"metadata\":{\"hnsw:space\":\"%s\"}}".formatted(name, space));
        return send("POST", "", BodyPublishers.ofString(body.toString()), 200)
                .get("id")
                .textValue();
    }

    /** Asks one of a collection's own routes; the answer has this status. */
    JsonNode post(String collection, String route, JsonNode body, int status) {
        return send("POST", "/" + collection + "/" + route, BodyPublishers.ofString(body.toString()), status);
    }

    JsonNode get(String collection, String route) {
        return send("GET", "/" + collection + "/" + route, BodyPublishers.noBody(), 200);
    }

    static JsonNode parse(String json) {
        try {
            return MAPPER.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(json, e);
        }
    }

    private JsonNode send(String method, String path, BodyPublisher body, int status) {
        HttpRequest request = HttpRequest.newBuilder(server.resolve(DATABASE + path))
                .header("Content-Type", "application/json")
                .timeout(Duration.ofMinutes(1))
                .method(method, body)
                .build();
        try {
            HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
            while (response.statusCode() == TOO_MANY) {
                Thread.sleep(PAUSE);
                response = http.send(request, BodyHandlers.ofString());
            }
            assertEquals(status, response.statusCode(), response.body());
            return parse(response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        http.close();
    }
}

package io.quiver.gateway.auth;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quiver.gateway.server.RunningServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A whole server that asks for keys, with two tenants who have the same things under the same names. */
final class GuardedServer implements AutoCloseable {
    static final String OWN = "tenant-own";
    static final String OTHER = "tenant-other";
    static final String DATABASE = "database";
    static final String COLLECTION = "collection";

    private final Path directory;
    private final RunningServer server;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String admin;

    GuardedServer(Path directory) {
        this(directory, Map.of());
    }

    /** @param flags settings beside the one that keys are asked for */
    GuardedServer(Path directory, Map<String, String> flags) {
        this.directory = directory;
        this.admin = key("root", new Grant(Role.ADMIN, Scope.SERVER), null);
        this.server = RunningServer.start(directory, with(flags, "auth.enabled", "true"));
    }

    private static Map<String, String> with(Map<String, String> flags, String key, String value) {
        Map<String, String> all = new HashMap<>(flags);
        all.put(key, value);
        return all;
    }

    /** Makes a key; one that is made while the server runs counts within seconds. */
    String key(String name, Grant grant, @Nullable JsonNode where) {
        return key(directory, name, Rights.of(grant), where);
    }

    String key(String name, Rights rights) {
        return key(directory, name, rights, null);
    }

    /** Makes a key of a server that may not have been started yet. */
    static String key(Path directory, String name, Rights rights, @Nullable JsonNode where) {
        ApiKey.Created created = ApiKey.create(name, rights, where, Instant.now(), null);
        try {
            KeyFile.in(directory).change(keys -> {
                List<ApiKey> all = new ArrayList<>(keys);
                all.add(created.key());
                return all;
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return created.token();
    }

    /** Waits until the server knows a key that was made while it ran. */
    void awaitKey(String token) {
        while (send(token, "GET", "/api/v2/version", "").statusCode() == 401) {
            Thread.onSpinWait();
        }
    }

    String admin() {
        return admin;
    }

    URI http() {
        return server.http();
    }

    URI flight() {
        return server.flight();
    }

    /**
     * A tenant with a database, a collection, and a record that contains {@code secret}; returns the collection's id.
     */
    String fill(String tenant, String secret) {
        ask("POST", "/api/v2/tenants", "{\"name\":\"%s\"}".formatted(tenant));
        ask("POST", "/api/v2/tenants/" + tenant + "/databases", "{\"name\":\"%s\"}".formatted(DATABASE));
        String collections = "/api/v2/tenants/%s/databases/%s/collections".formatted(tenant, DATABASE);
        String id = json(ask("POST", collections, "{\"name\":\"%s\"}".formatted(COLLECTION)))
                .get("id")
                .textValue();
        ask("POST", collections + "/" + id + "/add", """
                {"ids":["%1$s-1","%1$s-2"],"embeddings":[[1,0],[0,1]],"documents":["%1$s","%1$s"],
                 "metadatas":[{"owner":"x"},{"owner":"y"}]}""".formatted(secret));
        return id;
    }

    private HttpResponse<String> ask(String method, String path, String body) {
        HttpResponse<String> reply = send(admin, method, path, body);
        if (reply.statusCode() / 100 != 2) {
            throw new AssertionError(method + " " + path + ": " + reply.body());
        }
        return reply;
    }

    HttpResponse<String> send(@Nullable String token, String method, String path, String body) {
        boolean hasBody = method.equals("POST") || method.equals("PUT") || method.equals("PATCH");
        HttpRequest.Builder request = HttpRequest.newBuilder(http().resolve(path))
                .method(
                        method,
                        hasBody ? HttpRequest.BodyPublishers.ofString(body) : HttpRequest.BodyPublishers.noBody());
        if (hasBody) {
            request.header("content-type", "application/json");
        }
        if (token != null) {
            request.header("x-chroma-token", token);
        }
        return send(request);
    }

    HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    static JsonNode json(HttpResponse<String> reply) {
        try {
            return new ObjectMapper().readTree(reply.body());
        } catch (IOException e) {
            throw new UncheckedIOException(reply.body(), e);
        }
    }

    @Override
    public void close() {
        client.close();
        server.close();
    }
}

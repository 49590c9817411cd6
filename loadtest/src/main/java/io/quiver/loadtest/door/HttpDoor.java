package io.quiver.loadtest.door;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quiver.log.catalog.Space;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Any server that speaks Chroma's HTTP API v2. */
public final class HttpDoor implements Door {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TENANTS = "/api/v2/tenants";

    private final URI server;
    private final String databases;
    private final String collections;
    private final String queryFields;
    private @Nullable String path;

    public HttpDoor(URI server) {
        this(server, "");
    }

    /** {@code queryFields}: further fields of each query, each with a comma before it. */
    public HttpDoor(URI server, String queryFields) {
        this(server, queryFields, "default_tenant");
    }

    private HttpDoor(URI server, String queryFields, String tenant) {
        this.server = server;
        this.databases = TENANTS + '/' + tenant + "/databases";
        this.collections = databases + "/default_database/collections";
        this.queryFields = queryFields;
    }

    /** The door of a tenant that is made, with the usual database. */
    public static HttpDoor ofNewTenant(URI server, String tenant) throws IOException {
        HttpDoor door = new HttpDoor(server, "", tenant);
        try (HttpConnection connection = new HttpConnection(server)) {
            door.make(connection, TENANTS, tenant);
            door.make(connection, door.databases, "default_database");
        }
        return door;
    }

    private void make(HttpConnection connection, String path, String name) throws IOException {
        String body = "{\"name\":\"%s\"}".formatted(name);
        connection.send("POST", path, body.getBytes(StandardCharsets.UTF_8)).expectSuccess();
    }

    @Override
    public String name() {
        return "HTTP";
    }

    @Override
    public void create(String collection, Space space, int dimension) throws IOException {
        try (HttpConnection connection = new HttpConnection(server)) {
            connection.send("DELETE", collections + '/' + collection, new byte[0]);
            String body = """
                    {"name":"%s","configuration":{"hnsw":{"space":"%s"}}}""".formatted(collection, space.wireName());
            open(connection.send("POST", collections, body.getBytes(StandardCharsets.UTF_8)));
        }
    }

    @Override
    public void use(String collection) throws IOException {
        try (HttpConnection connection = new HttpConnection(server)) {
            open(connection.send("GET", collections + '/' + collection, new byte[0]));
        }
    }

    @Override
    public Session connect() throws IOException {
        return new HttpSession(new HttpConnection(server), path(), queryFields);
    }

    /** Path of the collection's routes. */
    public String path() {
        if (path == null) {
            throw new IllegalStateException("no collection yet");
        }
        return path;
    }

    private void open(HttpConnection.Answer answer) throws IOException {
        JsonNode collection = JSON.readTree(answer.expectSuccess().body());
        path = collections + '/' + collection.get("id").asText();
    }
}

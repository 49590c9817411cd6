package io.quiver.loadtest.filter;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quiver.loadtest.data.Vectors;
import io.quiver.loadtest.door.HttpConnection;
import io.quiver.loadtest.door.QueryBody;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/**
 * One collection of a server, over one connection. Each question carries a field of its own, which servers ignore, so that
 * none is answered from a cache of answers. Belongs to one thread.
 */
final class FilterClient implements AutoCloseable {
    private static final String COLLECTIONS = "/api/v2/tenants/default_tenant/databases/default_database/collections";
    private static final int TOO_MANY = 429;
    private static final int PAUSE_MS = 500;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpConnection connection;
    private final String collection;
    private long questions;

    /** Connects and creates a collection of this name, with squared distances. */
    FilterClient(URI server, String name) throws IOException {
        this.connection = new HttpConnection(server);
        JsonNode created = ask("POST", COLLECTIONS, "{\"name\":\"%s\",\"get_or_create\":true}".formatted(name));
        this.collection = COLLECTIONS + "/" + created.get("id").textValue();
    }

    /** Adds, and where the server asks for time to catch up, gives it. */
    void add(String records) throws IOException {
        byte[] body = records.getBytes(StandardCharsets.UTF_8);
        HttpConnection.Answer answer = connection.send("POST", collection + "/add", body);
        while (answer.status() == TOO_MANY) {
            try {
                Thread.sleep(PAUSE_MS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            }
            answer = connection.send("POST", collection + "/add", body);
        }
        answer.expectSuccess();
    }

    /** The path of the collection, without a slash at its end. */
    String path() {
        return collection;
    }

    /** How many of at most {@code limit} ids were found. */
    int get(String filter, int limit) throws IOException {
        return ask(
                        "POST",
                        collection + "/get",
                        "{%s,\"limit\":%d,\"include\":[],\"nonce\":%d}".formatted(filter, limit, questions++))
                .get("ids")
                .size();
    }

    /** The rows that were found nearest. */
    int[] query(QueryBody form, Vectors queries, int query) throws IOException {
        StringBuilder body = new StringBuilder();
        form.append(body, queries, query, query + 1, Long.toString(questions++));
        JsonNode ids =
                ask("POST", collection + "/query", body.toString()).get("ids").get(0);
        int[] rows = new int[ids.size()];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = Integer.parseInt(ids.get(i).textValue());
        }
        return rows;
    }

    private JsonNode ask(String method, String path, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        return JSON.readTree(
                connection.send(method, path, bytes).expectSuccess().body());
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }
}

package io.quiver.loadtest.door;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** One collection of a server, over one connection. Belongs to one thread. */
public final class CollectionClient implements AutoCloseable {
    private static final String COLLECTIONS = "/api/v2/tenants/default_tenant/databases/default_database/collections";
    private static final int TOO_MANY = 429;
    private static final int PAUSE_MS = 500;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpConnection connection;
    private final String path;

    /** Connects and creates a collection of this name, unless it is there, with squared distances. */
    public CollectionClient(URI server, String name) throws IOException {
        this.connection = new HttpConnection(server);
        JsonNode created = answer("POST", COLLECTIONS, "{\"name\":\"%s\",\"get_or_create\":true}".formatted(name));
        this.path = COLLECTIONS + "/" + created.get("id").textValue();
    }

    /** The path of the collection, without a slash at its end. */
    public String path() {
        return path;
    }

    /** Adds, and where the server asks for time to catch up, gives it. */
    public void add(String records) throws IOException {
        byte[] body = records.getBytes(StandardCharsets.UTF_8);
        HttpConnection.Answer answer = connection.send("POST", path + "/add", body);
        while (answer.status() == TOO_MANY) {
            try {
                Thread.sleep(PAUSE_MS); // nothing tells when the server has caught up
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted", e);
            }
            answer = connection.send("POST", path + "/add", body);
        }
        answer.expectSuccess();
    }

    /** What is answered to a body sent to {@code /query}, say. */
    public JsonNode post(String to, String body) throws IOException {
        return answer("POST", path + to, body);
    }

    /** Deletes another collection beside this one. */
    public void delete(String name) throws IOException {
        answer("DELETE", COLLECTIONS + "/" + name, "");
    }

    private JsonNode answer(String method, String to, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        return JSON.readTree(connection.send(method, to, bytes).expectSuccess().body());
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }
}

package io.quiver.gateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import io.quiver.gateway.http.TestClient.Reply;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A server for the tests of one class, and a client of it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ServerFixture {
    private final TestServer.Options options;
    TestServer server;
    TestClient client;

    ServerFixture() {
        this(TestServer.Options.DEFAULT);
    }

    ServerFixture(TestServer.Options options) {
        this.options = options;
    }

    @BeforeAll
    void start(@TempDir Path directory) {
        server = TestServer.start(directory, options);
        client = server.client();
    }

    @AfterAll
    void stop() {
        client.close();
        server.close();
    }

    /** The answer has this value in this field; apostrophes stand for quotation marks. */
    static void assertField(String field, String json, Reply reply) {
        assertEquals(200, reply.status(), reply.body());
        JsonNode expected = TestClient.parse(json.replace('\'', '"'));
        assertEquals(expected, reply.json().get(field), reply.body());
    }

    static void assertIds(String json, Reply reply) {
        assertField("ids", json, reply);
    }
}

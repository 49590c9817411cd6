package io.quiver.loadtest.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.quiver.loadtest.door.HttpConnection;
import io.quiver.loadtest.door.HttpDoor;
import io.quiver.loadtest.server.ServerProcess;
import io.quiver.log.catalog.Space;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code docs/websocket.md} shows, by callers who know nothing but that page. */
class StreamExamplesTest {
    @TempDir
    Path directory;

    @Test
    void runInJavaScriptAndInJava() throws IOException, InterruptedException {
        Path sources = ServerProcess.root().resolve("loadtest/src/test/clients/websocket");
        try (ServerProcess server =
                ServerProcess.start(ServerProcess.root(), directory.resolve("data"), directory.resolve("server.log"))) {
            String port = Integer.toString(server.http().getPort());
            String printed = Program.run(
                    sources,
                    "node",
                    "--experimental-websocket",
                    "--no-warnings",
                    "stream.mjs",
                    server.http().getHost(),
                    port);
            assertTrue(printed.contains("the stream ends well"), printed);
            asksAndWatches(server.http());
        }
    }

    private static void asksAndWatches(URI server) throws IOException, InterruptedException {
        HttpDoor door = new HttpDoor(server);
        door.create("streamed-from-java", Space.L2, 2);
        add(server, door.path(), "{\"ids\":[\"ash\"],\"embeddings\":[[1,0]]}");
        URI collection = URI.create("ws://" + server.getAuthority() + door.path());
        try (StreamExample stream = new StreamExample(collection)) {
            stream.send("{\"type\":\"query\",\"id\":1,\"query_embeddings\":[[1,1]],\"n_results\":3}");
            assertEquals("ash", stream.next().at("/ids/0/0").asText());
            stream.send("{\"type\":\"watch\",\"id\":2,\"query_embeddings\":[[0,1]],\"n_results\":1}");
            assertEquals("ash", stream.next().at("/ids/0").asText());
            add(server, door.path(), "{\"ids\":[\"yew\"],\"embeddings\":[[0,1]]}");
            JsonNode change = stream.next();
            assertEquals("yew", change.at("/entered/0/id").asText());
            assertEquals("replaced", change.at("/left/0/reason").asText());
        }
    }

    private static void add(URI server, String path, String records) throws IOException {
        try (HttpConnection connection = new HttpConnection(server)) {
            connection
                    .send("POST", path + "/add", records.getBytes(StandardCharsets.UTF_8))
                    .expectSuccess();
        }
    }
}

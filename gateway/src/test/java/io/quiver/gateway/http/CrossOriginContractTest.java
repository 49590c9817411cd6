package io.quiver.gateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quiver.gateway.http.TestClient.Reply;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Section 1 of the contract: web pages of other origins, where the operator named them. */
class CrossOriginContractTest extends ServerFixture {
    private static final String NAMED = "https://app.example.org";
    private static final String OTHER = "https://evil.example.org";

    CrossOriginContractTest() {
        super(TestServer.Options.DEFAULT.with(settings(NAMED, "http://localhost:3000")));
    }

    private static ApiSettings settings(String... origins) {
        return TestServer.Options.settings(Duration.ofSeconds(10), new AllowedOrigins(Set.of(origins)));
    }

    private static Reply ask(TestClient client, String method, String path, String origin) {
        return client.send(method, path, BodyPublishers.noBody(), request -> request.header("Origin", origin));
    }

    private static Reply askInAdvance(TestClient client, String path, String origin) {
        return client.send(
                "OPTIONS",
                path,
                BodyPublishers.noBody(),
                request -> request.header("Origin", origin)
                        .header("Access-Control-Request-Method", "PUT")
                        .header("Access-Control-Request-Headers", "content-type,x-chroma-token"));
    }

    private static void assertAllowed(String origin, Reply reply) {
        assertEquals(origin, reply.header("access-control-allow-origin"), reply.body());
    }

    @Test
    void aNamedOriginMayUseAnyMethodAndAnyHeader() {
        String path = client.collection() + "/get";
        Reply reply = askInAdvance(client, path, NAMED).isEmpty(200);
        assertAllowed(NAMED, reply);
        assertEquals("PUT", reply.header("access-control-allow-methods"));
        assertEquals("content-type,x-chroma-token", reply.header("access-control-allow-headers"));
        assertAllowed("http://localhost:3000", askInAdvance(client, path, "http://localhost:3000"));
    }

    @Test
    void aNamedOriginSeesAnswersAndErrors() {
        assertAllowed(NAMED, ask(client, "GET", "/api/v2/version", NAMED));
        Reply refused = ask(client, "GET", "/api/v2/tenants/nope", NAMED);
        assertEquals(404, refused.status());
        assertAllowed(NAMED, refused);
        assertAllowed(NAMED, ask(client, "GET", "/nowhere", NAMED).isEmpty(404));
        assertEquals("origin", refused.header("vary"));
        assertEquals("*", refused.header("access-control-expose-headers"));
    }

    @Test
    void anotherOriginIsToldNothing() {
        assertAllowed("", askInAdvance(client, "/api/v2/version", OTHER).isEmpty(405));
        assertAllowed("", ask(client, "GET", "/api/v2/version", OTHER));
        assertAllowed("", ask(client, "GET", "/api/v2/version", NAMED + ":8443"));
        assertAllowed("", client.get("/api/v2/version"));
    }

    /** Without the header of a browser it is a method like any other. */
    @Test
    void optionsAreAWrongMethodToWhoAsksForNothing() {
        ask(client, "OPTIONS", "/api/v2/version", NAMED).isEmpty(405);
    }

    @Test
    void aStarStandsForEveryOrigin(@TempDir Path directory) {
        try (TestServer open = TestServer.start(directory, TestServer.Options.DEFAULT.with(settings("*")));
                TestClient caller = open.client()) {
            assertAllowed("*", askInAdvance(caller, "/api/v2/version", OTHER).isEmpty(200));
            assertAllowed("*", ask(caller, "GET", "/api/v2/version", OTHER));
        }
    }
}

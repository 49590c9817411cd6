package io.quiver.gateway.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Section 1 of the contract: the headers in which Chroma's clients show a credential. */
class CredentialFormsTest {
    @TempDir
    Path directory;

    private static HttpResponse<String> identity(GuardedServer server, String header, String value) {
        return server.send(HttpRequest.newBuilder(server.http().resolve("/api/v2/auth/identity"))
                .header(header, value));
    }

    private static String basic(String user, String password) {
        byte[] pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(pair);
    }

    @Test
    void areATokenABearerOrAUserWithAPassword() {
        try (GuardedServer server = new GuardedServer(directory)) {
            String key = server.admin();
            int dot = key.indexOf('.');
            for (String[] form : new String[][] {
                {"x-chroma-token", key},
                {"X-Chroma-Token", key},
                {"authorization", "Bearer " + key},
                {"authorization", "bearer " + key},
                {"authorization", basic(key.substring(0, dot), key.substring(dot + 1))}
            }) {
                HttpResponse<String> reply = identity(server, form[0], form[1]);
                assertEquals(200, reply.statusCode(), form[0] + ": " + reply.body());
                assertTrue(GuardedServer.json(reply).get("databases").isArray(), reply.body());
            }
        }
    }

    @Test
    void areNothingElse() {
        try (GuardedServer server = new GuardedServer(directory)) {
            String key = server.admin();
            for (String[] form : new String[][] {
                {"x-chroma-token", key + "x"},
                {"authorization", "Token " + key},
                {"authorization", basic("admin", "admin")},
                {"cookie", "x-chroma-token=" + key},
                {"x-api-key", key}
            }) {
                HttpResponse<String> reply = identity(server, form[0], form[1]);
                assertEquals(401, reply.statusCode(), form[0] + ": " + reply.body());
                assertEquals(
                        "ChromaError", GuardedServer.json(reply).get("error").textValue());
            }
        }
    }
}

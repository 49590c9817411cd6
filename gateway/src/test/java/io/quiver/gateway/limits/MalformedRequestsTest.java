package io.quiver.gateway.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.quiver.gateway.limits.RawHttp.Reply;
import io.quiver.gateway.server.RunningServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Wrong requests to every route, made from the description that the server gives of itself: each is refused in Chroma's
 * form, none fails, hangs, or changes anything. What is wrong with bodies of records in detail is
 * {@code MutatedRequestsTest}'s.
 */
class MalformedRequestsTest {
    private static final int REQUESTS_MIN = 700;
    private static final String COLLECTIONS = "/api/v2/tenants/default_tenant/databases/default_database/collections";

    private static final List<String> WRONG_HEADERS = List.of(
            "x-timeout-ms: -1",
            "x-timeout-ms: 0",
            "x-timeout-ms: soon",
            "x-timeout-ms: 99999999999999999999",
            "x-quiver-consistency: perhaps",
            "x-quiver-consistency: at_least=-1");

    private static final List<String> WRONG_BODIES = List.of(
            "",
            " ",
            "{",
            "}",
            "[]",
            "null",
            "1",
            "true",
            "\"x\"",
            "nul",
            "{\"a\":}",
            "{\"a\":1,}",
            "{\"a\" 1}",
            "{a:1}",
            "{'a':1}",
            "{}{}",
            "{\"a\":NaN}",
            "{\"a\":01}",
            "{\"a\":\"\\x\"}",
            "{\"a\":\"\\ud800\"}",
            "{\"a\":" + "[".repeat(65) + "]".repeat(65) + "}",
            "\u00ff\u00fe{\u0000}\u0000",
            "{\"a\":\"\u00ff\"}");

    private static final List<String> WRONG_PAGES =
            List.of("limit=-1", "limit=x", "limit=1e3", "limit=99999999999", "offset=-1", "offset=%zz", "offset=");

    private final List<String> failures = new ArrayList<>();
    private RunningServer server;
    private String collection = "";
    private String before = "";
    private int sent;

    @BeforeEach
    void start(@TempDir Path directory) {
        server = RunningServer.start(directory, Map.of());
        Reply created = RawHttp.send(server.http(), "POST", COLLECTIONS, "{\"name\":\"untouched\"}");
        collection = created.json().get("id").textValue();
        String records = "{\"ids\":[\"a\",\"b\"],\"embeddings\":[[1,2],[3,4]],\"documents\":[\"one\",\"two\"]}";
        assertEquals(201, post("/add", records).status());
        before = everything();
    }

    @AfterEach
    void isAsItWas() {
        assertEquals(before, everything());
        assertEquals(200, post("/query", "{\"query_embeddings\":[[1,2]]}").status());
        server.close();
    }

    private String everything() {
        Reply all = post("/get", "{\"include\":[\"documents\",\"embeddings\",\"metadatas\",\"uris\"]}");
        assertEquals(200, all.status(), all.body());
        return all.body();
    }

    private Reply post(String operation, String body) {
        return RawHttp.send(server.http(), "POST", COLLECTIONS + "/" + collection + operation, body);
    }

    @Test
    void refusesHundredsOfThemOnEveryRoute() {
        JsonNode api = RawHttp.send(server.http(), "GET", "/openapi.json", "").json();
        api.get("paths")
                .properties()
                .forEach(path -> path.getValue().properties().forEach(operation -> {
                    String method = operation.getKey().toUpperCase(Locale.ROOT);
                    sendWrongHeaders(method, filled(path.getKey()));
                    sendWrongNames(method, path.getKey());
                    if (operation.getValue().has("requestBody")) {
                        sendWrongBodies(method, filled(path.getKey()));
                    }
                    if (operation.getValue().path("parameters").toString().contains("parameters/limit")) {
                        WRONG_PAGES.forEach(page -> refuse(method, filled(path.getKey()) + "?" + page, "", ""));
                    }
                }));
        assertTrue(failures.isEmpty(), failures.size() + " of " + sent + ":\n" + String.join("\n", failures));
        assertTrue(sent >= REQUESTS_MIN, "only " + sent);
    }

    private String filled(String template) {
        return template.replace("{tenant}", "default_tenant")
                .replace("{database}", "default_database")
                .replace("{collection}", collection)
                .replaceAll("\\{\\w+\\*?}", "x");
    }

    private void sendWrongHeaders(String method, String path) {
        WRONG_HEADERS.forEach(header -> refuse(method, path, header + "\r\n", "{}"));
    }

    /** The last name of the path is not encoded as URLs are. */
    private void sendWrongNames(String method, String template) {
        int last = template.lastIndexOf('{');
        if (last >= 0) {
            String before = filled(template.substring(0, last));
            String after = template.substring(template.indexOf('}', last) + 1);
            Stream.of("%zz", "%", "%ff", "a%2").forEach(name -> refuse(method, before + name + after, "", ""));
        }
    }

    private void sendWrongBodies(String method, String path) {
        WRONG_BODIES.forEach(body -> refuse(method, path, "", body));
        refuse(method, path, "Content-Type: text/plain\r\n", "{}");
        refuse(method, path, "Content-Type: application/octet-stream\r\n", "abc");
    }

    private void refuse(String method, String path, String headers, String body) {
        sent++;
        String type = headers.contains("Content-Type") ? "" : "Content-Type: application/json\r\n";
        String head = "%s %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n%s%sContent-Length: %d\r\n\r\n"
                .formatted(method, path, type, headers, body.length());
        try (RawHttp connection = new RawHttp(server.http())) {
            connection.write((head + body).getBytes(StandardCharsets.ISO_8859_1));
            Reply reply = connection.readAll();
            boolean isRight = reply.status() / 100 == 4 && (method.equals("HEAD") || reply.isProblem());
            if (!isRight) {
                failures.add("%s %s %s %s: %d %s"
                        .formatted(method, path, headers.strip(), shown(body), reply.status(), reply.body()));
            }
        }
    }

    private static String shown(String body) {
        return body.length() < 60 ? body : body.substring(0, 60);
    }
}

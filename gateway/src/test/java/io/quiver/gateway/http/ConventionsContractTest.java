package io.quiver.gateway.http;

import static io.quiver.gateway.http.TestClient.D;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.gateway.http.TestClient.Reply;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Section 1 of the contract: what all routes have in common. */
class ConventionsContractTest extends ServerFixture {
    @Test
    void takesABodyWithoutContentTypeForJson() {
        Reply reply = client.send("POST", client.collection() + "/get", BodyPublishers.ofString("{}"), _ -> {});
        assertEquals(200, reply.status());
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json; charset=utf-8", "APPLICATION/JSON", "application/problem+json"})
    void acceptsJsonByAllItsNames(String contentType) {
        assertEquals(200, postAs(contentType).status());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"text/plain", "application/octet-stream", "text/json", "application/x-www-form-urlencoded", ";"})
    void refusesOtherContentTypes(String contentType) {
        postAs(contentType).isProblem(415, "ChromaError", "Expected request with `Content-Type: application/json`");
    }

    private Reply postAs(String contentType) {
        return client.send(
                "POST",
                client.collection() + "/get",
                BodyPublishers.ofString("{}"),
                request -> request.setHeader("Content-Type", contentType));
    }

    @Test
    void ignoresUnknownFieldsAndTakesNullForAbsent() {
        String collection = client.collectionOfThree();
        assertEquals(
                client.post(collection + "/get", "{}").json(),
                client.post(
                                collection + "/get",
                                "{'ids':null,'where':null,'where_document':null,'limit':null,'offset':null,'include':null,"
                                        + "'unknown':{'deep':[1]}}")
                        .json());
    }

    /** Python's client sends null for whatever its caller did not say. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "add|201|'ids':['x'],'embeddings':[[1,2,3]],'documents':null,'metadatas':null,'uris':null",
                "upsert|200|'ids':['x'],'embeddings':[[1,2,3]],'documents':null,'metadatas':null,'uris':null",
                "update|200|'ids':['a'],'embeddings':null,'documents':null,'metadatas':null,'uris':null",
                "query|200|'query_embeddings':[[1,2,3]],'n_results':null,'ids':null,'where':null,'where_document':null,'include':null",
                "delete|200|'ids':['a'],'where':null,'where_document':null,'limit':null",
                "search|200|'searches':[{'filter':null,'rank':null,'group_by':null,'limit':null,'select':null}],'read_level':null",
                "conditional/get|200|'ids':null,'where':null,'where_document':null,'limit':null,'offset':null,'include':null,'read_token':null",
                "conditional/commit|200|'read_token':null,'read_ids':null,'operations':[]"
            })
    void everyBodyMayHaveNullForAbsentAndFieldsThatNobodyKnows(String route, int status, String fields) {
        Reply reply = client.post(
                client.collectionOfThree() + "/" + route, "{" + fields + ",'unknown':{'deep':[1,null,'x']}}");
        assertEquals(status, reply.status(), reply.body());
    }

    @Test
    void doesNotDecompressBodies() throws IOException {
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(zipped)) {
            out.write("{}".getBytes(StandardCharsets.UTF_8));
        }
        Reply reply = client.send(
                "POST",
                client.collection() + "/get",
                BodyPublishers.ofByteArray(zipped.toByteArray()),
                request -> request.header("Content-Encoding", "gzip"));
        reply.isInvalid("Failed to parse the request body as JSON: expected value at line 1 column 1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/api", "/api/v3", "/api/v2/nope", "/api/v2/heartbeat/", "/api/v2/tenants/x/y", "//"})
    void answersUnknownRoutesWithNothing(String path) {
        Reply reply = client.get(path).isEmpty(404);
        assertTrue(reply.header(Problems.TRACE_HEADER).matches("[0-9a-f]{32}"));
    }

    @Test
    void answersWrongMethodsWithNothing() {
        Reply reply = client.post("/api/v2/heartbeat", "{}").isEmpty(405);
        assertTrue(reply.header(Problems.TRACE_HEADER).matches("[0-9a-f]{32}"));
        client.delete("/api/v2/tenants/default_tenant").isEmpty(405);
        client.send("OPTIONS", D + "/collections", BodyPublishers.noBody(), _ -> {})
                .isEmpty(405);
        client.post("/api/v1/collections", "{}").isEmpty(405);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "PUT", "PATCH", "DELETE", "OPTIONS"})
    void saysThatTheFirstVersionIsGone(String method) {
        client.send(method, "/api/v1/collections/x", BodyPublishers.noBody(), _ -> {})
                .isProblem(410, "Unimplemented", "The v1 API is deprecated. Please use /v2 apis");
    }

    @Test
    void answersHeadLikeGetWithoutTheBody() {
        client.send("HEAD", "/api/v2/version", BodyPublishers.noBody(), _ -> {}).isEmpty(200);
    }

    @Test
    void takesTheTraceIdFromTheCaller() {
        String id = "0af7651916cd43dd8448eb211c80319c";
        Reply reply = client.send(
                "GET",
                "/api/v2/tenants/nope",
                BodyPublishers.noBody(),
                request -> request.header("traceparent", "00-" + id + "-b7ad6b7169203331-01"));
        assertEquals(id, reply.header(Problems.TRACE_HEADER));
        assertFalse(
                client.get("/api/v2/tenants/nope").header(Problems.TRACE_HEADER).equals(id));
    }

    @Test
    void givesSuccessfulAnswersNoTraceId() {
        assertEquals("", client.get("/api/v2/version").header(Problems.TRACE_HEADER));
    }

    @Test
    void speaksHttp2WithPriorKnowledge() throws Exception {
        try (HttpClient http2 =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build()) {
            HttpResponse<String> response = http2.send(
                    HttpRequest.newBuilder(java.net.URI.create("http://localhost:" + server.port() + "/api/v2/version"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertEquals(HttpClient.Version.HTTP_2, response.version());
            assertEquals("\"1.2.3\"", response.body());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/x/get", "/x/delete", "/x/fork"})
    void refusesABodyThatIsTooLongByItsOwnAccountBeforeReadingIt(String route) throws IOException {
        String answer = tooLong(route, "}");
        assertTrue(answer.startsWith("HTTP/1.1 413 "), answer);
        assertTrue(answer.contains("{\"error\":\"ChromaError\",\"message\":\"Payload too large"), answer);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/x/add", "/x/update", "/x/upsert", "/x/query", "/x/search"})
    void saysInPlainTextThatRecordsAreTooLong(String route) throws IOException {
        String answer = tooLong(route, "accepted");
        assertTrue(answer.startsWith("HTTP/1.1 413 "), answer);
        assertTrue(answer.contains("content-type: text/plain"), answer);
        assertTrue(answer.contains(Problems.TRACE_HEADER), answer);
        assertTrue(answer.endsWith("\r\n\r\nPayload too large: at most 1048576 bytes are accepted"), answer);
    }

    private String tooLong(String route, String end) throws IOException {
        return exchange(
                "POST " + D + "/collections" + route
                        + " HTTP/1.1\r\nHost: x\r\nContent-Length: 100000000\r\nConnection: close\r\n\r\n",
                end);
    }

    @Test
    void doesNotCompressAnswers() {
        Reply reply = client.send(
                "GET",
                "/openapi.json",
                BodyPublishers.noBody(),
                request -> request.header("Accept-Encoding", "gzip, deflate, br"));
        assertEquals("", reply.header("content-encoding"));
        assertTrue(reply.json().has("paths"));
    }

    /** No page of another origin gets to see an answer: nothing says that it may. */
    @Test
    void tellsBrowsersNothingUnlessOriginsAreNamed() {
        Reply reply = client.send(
                "GET",
                "/api/v2/version",
                BodyPublishers.noBody(),
                request -> request.header("Origin", "https://app.example.org"));
        assertEquals(200, reply.status());
        assertTrue(reply.response().headers().map().keySet().stream()
                .noneMatch(name -> name.startsWith("access-control-")));
        client.send(
                        "OPTIONS",
                        "/api/v2/version",
                        BodyPublishers.noBody(),
                        request -> request.header("Origin", "https://app.example.org")
                                .header("Access-Control-Request-Method", "GET"))
                .isEmpty(405);
    }

    @Test
    void saysOfWhatIsNoJsonNothingAboutItsParser() {
        client.post(client.collection() + "/get", "{'limit':NaN}")
                .isInvalid("Failed to parse the request body as JSON: Non-standard token 'NaN' at line 1 column 12");
    }

    @Test
    void refusesABodyOfUnknownLengthWhenItHasBecomeTooLong() {
        byte[] tooLong = new byte[(1 << 20) + 1];
        Reply reply = client.send(
                "POST",
                client.collection() + "/get",
                BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(tooLong)),
                _ -> {});
        reply.isProblem(413, "ChromaError", "Payload too large: at most 1048576 bytes are accepted");
    }

    @Test
    void readsABodyOfUnknownLength() {
        String collection = client.collection();
        String json = "{\"ids\":[\"a\"],\"embeddings\":[[1,2]],\"documents\":[\"" + "x".repeat(300_000) + "\"]}";
        Reply reply = client.send(
                "POST",
                collection + "/add",
                BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8))),
                _ -> {});
        assertEquals(201, reply.status(), reply.body());
        assertEquals("1", client.get(collection + "/count").body());
    }

    @Test
    void tellsAWaitingCallerToContinue() throws IOException {
        String answer = exchange(
                "POST " + D
                        + "/collections HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n"
                        + "Connection: close\r\n\r\n{}",
                "}");
        assertTrue(answer.startsWith("HTTP/1.1 100 Continue"), answer);
        assertTrue(answer.contains("HTTP/1.1 422 "), answer);
    }

    /** Sends this, and reads until the answer has such an end. */
    private String exchange(String request, String end) throws IOException {
        try (Socket socket = new Socket("localhost", server.port())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            InputStream in = socket.getInputStream();
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            byte[] buffer = new byte[4096];
            while (!answer.toString(StandardCharsets.UTF_8).endsWith(end)) {
                int count = in.read(buffer);
                if (count < 0) {
                    break;
                }
                answer.write(buffer, 0, count);
            }
            return answer.toString(StandardCharsets.UTF_8);
        }
    }

    @Test
    void refusesATimeoutThatIsNone() {
        for (String timeout : new String[] {"0", "-1", "soon", "3600001", "99999999999999999999"}) {
            client.post(client.collection() + "/get", "{}", request -> request.header(Exchange.TIMEOUT_HEADER, timeout))
                    .isInvalid("Header x-timeout-ms must be a number of milliseconds from 1 to 3600000");
        }
    }

    @Test
    void servesPagesOfTheOperators() {
        assertEquals("hooked", client.get("/healthz").body());
    }
}

package io.quiver.gateway.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.gateway.limits.RawHttp.Reply;
import io.quiver.gateway.server.RunningServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Requests of which two servers could think that they end in different places, and what is no HTTP: each is refused
 * once, and what is behind it is never taken for a request.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SmuggledRequestsTest {
    private static final String POST = "POST /api/v2/tenants HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";
    private static final String GET = "GET /api/v2/version HTTP/1.1\r\nHost: x\r\n";
    private static final String BODY = "{\"name\":\"smuggled\"}";
    private static final String CHUNK = "13\r\n" + BODY + "\r\n0\r\n\r\n";
    private static final String LENGTH = "Content-Length: " + BODY.length() + "\r\n";

    private RunningServer server;

    @BeforeAll
    void start(@TempDir Path directory) {
        server = RunningServer.start(directory, Map.of("http.idle-timeout", "2 s", "http.header-timeout", "1 s"));
    }

    @AfterAll
    void stop() {
        server.close();
    }

    /**
     * A request that must not be answered as one.
     *
     * @param bytes in ISO 8859-1
     */
    record Row(String what, String bytes) {
        @Override
        public String toString() {
            return what;
        }
    }

    static Stream<Row> rows() {
        return Stream.of(
                new Row("a length and chunks", POST + LENGTH + "Transfer-Encoding: chunked\r\n\r\n" + CHUNK),
                new Row("chunks and a length", POST + "Transfer-Encoding: chunked\r\n" + LENGTH + "\r\n" + CHUNK),
                new Row("two lengths that differ", POST + LENGTH + "Content-Length: 3\r\n\r\n" + BODY),
                new Row("two lengths that agree", POST + LENGTH + LENGTH + "\r\n" + BODY),
                new Row("lengths in a list", POST + "Content-Length: 19, 19\r\n\r\n" + BODY),
                new Row("lengths in a list that differ", POST + "Content-Length: 19, 3\r\n\r\n" + BODY),
                new Row("a negative length", POST + "Content-Length: -19\r\n\r\n" + BODY),
                new Row("a length with a sign", POST + "Content-Length: +19\r\n\r\n" + BODY),
                new Row("a length in hexadecimal", POST + "Content-Length: 0x13\r\n\r\n" + BODY),
                new Row("a length that is no number", POST + "Content-Length: many\r\n\r\n" + BODY),
                new Row("a length beyond 64 bits", POST + "Content-Length: 99999999999999999999\r\n\r\n" + BODY),
                new Row("an empty length", POST + "Content-Length: \r\n\r\n" + BODY),
                new Row("chunked twice", POST + "Transfer-Encoding: chunked, chunked\r\n\r\n" + CHUNK),
                new Row("chunked and then another coding", POST + "Transfer-Encoding: chunked, gzip\r\n\r\n" + CHUNK),
                new Row("an unknown coding", POST + "Transfer-Encoding: cow\r\n\r\n" + CHUNK),
                new Row("identity as a coding", POST + "Transfer-Encoding: identity\r\n\r\n" + CHUNK),
                new Row("a coding with a control byte", POST + "Transfer-Encoding: \u000bchunked\r\n\r\n" + CHUNK),
                new Row(
                        "two lines of codings",
                        POST + "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n" + CHUNK),
                new Row(
                        "chunks in HTTP/1.0",
                        POST.replace("1.1", "1.0") + "Transfer-Encoding: chunked\r\n\r\n" + CHUNK),
                new Row(
                        "a chunk of no size",
                        POST + "Transfer-Encoding: chunked\r\n\r\nxyz\r\n" + BODY + "\r\n0\r\n\r\n"),
                new Row(
                        "a chunk of a negative size",
                        POST + "Transfer-Encoding: chunked\r\n\r\n-13\r\n" + BODY + "\r\n0\r\n\r\n"),
                new Row("a chunk size beyond 32 bits", POST + "Transfer-Encoding: chunked\r\n\r\nfffffffff\r\n" + BODY),
                new Row(
                        "a chunk longer than its size",
                        POST + "Transfer-Encoding: chunked\r\n\r\n3\r\n" + BODY + "\r\n0\r\n\r\n"),
                new Row("a folded length", POST + "Content-Length:\r\n 19\r\n\r\n" + BODY),
                new Row("white space before a colon", POST + "Content-Length : 19\r\n\r\n" + BODY),
                new Row("a header without a colon", GET + "nothing\r\n\r\n"),
                new Row("a header without a name", GET + ": nothing\r\n\r\n"),
                new Row("a control byte in a name", GET + "X\u0001: a\r\n\r\n"),
                new Row("a zero byte in a name", GET + "X\u0000a: a\r\n\r\n"),
                new Row("a zero byte in a value", GET + "X-a: a\u0000b\r\n\r\n"),
                new Row("a bare carriage return in a value", GET + "X-a: a\rGET /x HTTP/1.1\r\n\r\n"),
                new Row("a control byte before the first line", "\u0001" + GET + "\r\n"),
                new Row("a zero byte before the first line", "\u0000" + GET + "\r\n"),
                new Row("a header before the first line", "X-a: b\r\n" + GET + "\r\n"),
                new Row("no version", "GET /api/v2/version\r\nHost: x\r\n\r\n"),
                new Row("an unknown version", "GET /api/v2/version HTTP/7.3\r\nHost: x\r\n\r\n"),
                new Row("a version that is none", "GET /api/v2/version HTTQ/1.1\r\nHost: x\r\n\r\n"),
                new Row("a path with white space", "GET /api/v2/ver sion HTTP/1.1\r\nHost: x\r\n\r\n"),
                new Row("a method with a control byte", "G\u0002T /api/v2/version HTTP/1.1\r\nHost: x\r\n\r\n"),
                new Row("no method", " /api/v2/version HTTP/1.1\r\nHost: x\r\n\r\n"),
                new Row("no host", "GET /api/v2/version HTTP/1.1\r\n\r\n"),
                new Row("two hosts", GET + "Host: y\r\n\r\n"),
                new Row("TLS where there is none", "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\r\n\r\n"),
                new Row("another protocol", "SSH-2.0-OpenSSH_9.6\r\n\r\n"));
    }

    /** As RFC 9112 has it, a folded line is put together again; it hides nothing. */
    @Test
    void answersAFoldedHeaderAndWhatComesBehindIt() {
        Reply reply = RawHttp.send(
                server.http(), GET + "X-a: b\r\n Content-Length: 50\r\n\r\n" + GET + "Connection: close\r\n\r\n");
        assertEquals(200, reply.status());
        assertTrue(reply.body().contains("HTTP/1.1 200"), reply.body());
    }

    @ParameterizedTest
    @MethodSource("rows")
    void isRefusedOnceAndClosed(Row row) {
        String smuggled = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n";
        try (RawHttp connection = new RawHttp(server.http())) {
            connection.write((row.bytes() + smuggled).getBytes(StandardCharsets.ISO_8859_1));
            Reply reply = connection.readAll();
            assertEquals(4, reply.status() / 100, reply.head() + reply.body());
            assertTrue(reply.isProblem(), reply.head() + "\n" + reply.body());
            assertEquals(-1, reply.body().indexOf("HTTP/1."), "a second answer: " + reply.body());
        }
    }
}

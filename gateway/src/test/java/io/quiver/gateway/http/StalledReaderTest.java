package io.quiver.gateway.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.gateway.http.TestClient.Reply;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Callers that ask for much and read none of it. */
class StalledReaderTest {
    private static final String ALL = "{\"include\":[\"embeddings\"]}";

    @TempDir
    Path directory;

    @Test
    void isCutOffAndHoldsNothing() throws IOException {
        ApiSettings settings = TestServer.Options.settings(Duration.ofMillis(300), AllowedOrigins.NONE);
        try (TestServer server = TestServer.start(directory, TestServer.Options.DEFAULT.with(settings));
                TestClient client = server.client()) {
            String collection = client.collectionOfMegabytes();
            try (Socket stalled = ask(server.port(), collection)) {
                TestServer.eventually(() -> server.inFlight() == 1);
                assertEquals("600", client.get(collection + "/count").body());
                TestServer.eventually(() -> server.inFlight() == 0);
                assertTrue(wasCutOff(server));
                assertTrue(readToTheEnd(stalled) < 5_000_000);
            }
            Reply whole = client.post(collection + "/get", ALL);
            assertEquals(600, whole.json().get("embeddings").size());
        }
    }

    /** Asks on a connection with a small window. */
    private static Socket ask(int port, String collection) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4096);
        socket.setSoTimeout(60_000);
        socket.connect(new InetSocketAddress("localhost", port));
        socket.getOutputStream()
                .write("POST %s/get HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%s"
                        .formatted(collection, ALL.length(), ALL)
                        .getBytes(StandardCharsets.UTF_8));
        return socket;
    }

    private static boolean wasCutOff(TestServer server) {
        boolean isTold = false;
        for (TestServer.Ended ended : server.ended()) {
            isTold |= ended.status() == RequestObserver.CLIENT_STALLED;
        }
        return isTold;
    }

    /** What lay in the buffers of the two sockets still comes, or the connection is reset. */
    private static long readToTheEnd(Socket socket) throws IOException {
        try {
            return socket.getInputStream().transferTo(OutputStream.nullOutputStream());
        } catch (SocketException reset) {
            return 0;
        }
    }
}

package io.quiver.loadtest.swarm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class SwarmTest {
    private static final byte[] REQUEST = "GET / HTTP/1.1\r\nhost: here\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int REQUESTS_A_SECOND = 200;

    private HttpServer server;
    private Swarm swarm;
    private volatile int endsAt = Integer.MAX_VALUE;
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicInteger answers = new AtomicInteger();

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
        URI uri = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        swarm = new Swarm("swarm", uri, 4, Duration.ofSeconds(1));
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        if (requests.incrementAndGet() == endsAt) {
            server.stop(0);
        }
        exchange.sendResponseHeaders(200, 2);
        exchange.getResponseBody().write(new byte[] {'o', 'k'});
        exchange.close();
    }

    @Test
    void anOpenLoopSendsAllItsRequests() throws IOException {
        swarm.openLoop(() -> REQUEST, REQUESTS_A_SECOND, (_, _) -> answers.incrementAndGet());
        assertEquals(REQUESTS_A_SECOND, answers.get());
    }

    @Test
    void anOpenLoopTellsWhyItCouldNotSend() {
        AtomicInteger sent = new AtomicInteger();
        Swarm.Requests failing = () -> {
            if (sent.incrementAndGet() > 10) {
                throw new IllegalStateException("nothing left");
            }
            return REQUEST;
        };
        IOException failure = assertThrows(
                IOException.class,
                () -> swarm.openLoop(failing, REQUESTS_A_SECOND, (_, _) -> answers.incrementAndGet()));
        assertInstanceOf(IllegalStateException.class, failure.getCause());
    }

    @Test
    void anOpenLoopEndsWithTheServer() {
        endsAt = 20;
        assertThrows(IOException.class, () -> swarm.openLoop(() -> REQUEST, REQUESTS_A_SECOND, (_, _) -> {}));
    }
}

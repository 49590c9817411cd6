package io.quiver.gateway.limits;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** One connection on which every byte is the test's own. */
final class RawHttp implements AutoCloseable {
    /** What hangs longer has failed. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Socket socket;
    private int first = -1;

    /** An answer; status 0 where the connection ended without one. */
    record Reply(int status, String head, String body) {
        JsonNode json() {
            try {
                return JSON.readTree(body);
            } catch (IOException e) {
                throw new UncheckedIOException(body, e);
            }
        }

        /** Whether the body is an error as Chroma's clients know it. */
        boolean isProblem() {
            return body.startsWith("{")
                    && json().path("error").isTextual()
                    && json().path("message").isTextual();
        }
    }

    RawHttp(URI server) {
        this(server, "127.0.0.1");
    }

    /** @param from address of this machine to come from */
    RawHttp(URI server, String from) {
        try {
            this.socket = new Socket();
            socket.setReceiveBufferSize(16 << 10);
            socket.bind(new InetSocketAddress(from, 0));
            socket.connect(new InetSocketAddress(server.getHost(), server.getPort()));
            socket.setSoTimeout((int) PATIENCE.toMillis());
            socket.setTcpNoDelay(true);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends one request on a connection of its own. */
    static Reply send(URI server, String request) {
        try (RawHttp connection = new RawHttp(server)) {
            connection.write(request);
            return connection.readAll();
        }
    }

    /** Sends one request with a body that is JSON. */
    static Reply send(URI server, String method, String path, String body) {
        return send(server, request(method, path, body));
    }

    static String request(String method, String path, String body) {
        int length = body.getBytes(StandardCharsets.UTF_8).length;
        return "%s %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
                .formatted(method, path, length, body);
    }

    /** A server that has closed its side takes no more: what it said is read all the same. */
    void write(String text) {
        write(text.getBytes(StandardCharsets.UTF_8));
    }

    void write(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
        } catch (SocketException closed) {
            // the answer, if there is one, says why
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads until the server closes. */
    Reply readAll() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        if (first >= 0) {
            all.write(first);
        }
        try {
            socket.getInputStream().transferTo(all);
        } catch (SocketException reset) {
            // what came before counts
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return reply(all.toString(StandardCharsets.UTF_8));
    }

    /** Sends the same again and again, with pauses, until there is an answer. */
    Reply trickle(String text) {
        while (!isAnsweredWithin(20)) {
            write(text);
        }
        return readAll();
    }

    /** Whether a byte comes, or the connection ends, within so many milliseconds; the byte is kept. */
    boolean isAnsweredWithin(int ms) {
        try {
            patience(ms);
            first = read();
            return true;
        } catch (UncheckedIOException silence) {
            if (silence.getCause() instanceof SocketTimeoutException) {
                return false;
            }
            throw silence;
        } finally {
            patience((int) PATIENCE.toMillis());
        }
    }

    private void patience(int ms) {
        try {
            socket.setSoTimeout(ms);
        } catch (SocketException closed) {
            // then nothing is waited for
        }
    }

    /** Reads up to the empty line behind the headers. */
    String readHead() {
        StringBuilder head = new StringBuilder();
        for (int letter = read(); letter >= 0; letter = read()) {
            head.append((char) letter);
            if (head.toString().endsWith("\r\n\r\n")) {
                break;
            }
        }
        return head.toString();
    }

    /** Waits for the next byte; -1 when the server has closed. */
    int read() {
        try {
            InputStream in = socket.getInputStream();
            return in.read();
        } catch (SocketException reset) {
            return -1;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Reply reply(String text) {
        int end = text.indexOf("\r\n\r\n");
        if (end < 0) {
            return new Reply(0, text, "");
        }
        String head = text.substring(0, end);
        return new Reply(Integer.parseInt(text.substring(9, 12)), head, text.substring(end + 4));
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package io.quiver.gateway.server;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** A request that was sent but for its last byte, so that it stays in flight. */
final class UnfinishedRequest implements AutoCloseable {
    private final Socket socket;
    private final String body;

    private UnfinishedRequest(Socket socket, String body) {
        this.socket = socket;
        this.body = body;
    }

    static UnfinishedRequest begin(URI uri, String body) throws IOException {
        var socket = new Socket(uri.getHost(), uri.getPort());
        String head = "POST %s HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n"
                .formatted(uri.getPath(), body.length());
        var request = new UnfinishedRequest(socket, body);
        request.send(head + body.substring(0, body.length() - 1));
        return request;
    }

    /** Sends the last byte; returns the first line of the answer. */
    String finish() throws IOException {
        send(body.substring(body.length() - 1));
        var reader = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        return String.valueOf(reader.readLine());
    }

    private void send(String text) throws IOException {
        OutputStream stream = socket.getOutputStream();
        stream.write(text.getBytes(StandardCharsets.US_ASCII));
        stream.flush();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}

package io.quiver.gateway.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A client with a small window that reads a chunked answer in small bites. */
final class SlowReader {
    private SlowReader() {}

    /** Returns the body, its chunks put together. */
    static String post(int port, String path, String json) throws IOException {
        try (Socket socket = new Socket()) {
            socket.setReceiveBufferSize(4096);
            socket.setSoTimeout(60_000);
            socket.connect(new InetSocketAddress("localhost", port));
            socket.getOutputStream()
                    .write("POST %s HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%s"
                            .formatted(path, json.length(), json)
                            .getBytes(StandardCharsets.UTF_8));
            InputStream in = socket.getInputStream();
            String line;
            do {
                line = line(in);
            } while (!line.isEmpty());
            return chunks(in);
        }
    }

    private static String chunks(InputStream in) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        int length;
        while ((length = Integer.parseInt(line(in), 16)) > 0) {
            body.write(in.readNBytes(length));
            line(in);
        }
        return body.toString(StandardCharsets.UTF_8);
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int letter = in.read(); letter != '\n' && letter >= 0; letter = in.read()) {
            if (letter != '\r') {
                line.append((char) letter);
            }
        }
        return line.toString();
    }
}

package io.quiver.loadtest.overload;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** One POST of JSON, made before it is sent. */
public record Request(String path, byte[] body) {
    /** As it goes to a server. */
    byte[] wire(URI server) {
        byte[] head = ("POST " + path + " HTTP/1.1\r\nHost: " + server.getAuthority()
                        + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        byte[] wire = Arrays.copyOf(head, head.length + body.length);
        System.arraycopy(body, 0, wire, head.length, body.length);
        return wire;
    }
}

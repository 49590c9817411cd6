package io.quiver.loadtest.write;

import io.quiver.loadtest.swarm.Swarm;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/** Requests that add one record each, with a new id. Safe on every thread. */
final class SingleWrites implements Swarm.Requests {
    private final String head;
    private final String embedding;
    private final AtomicLong next = new AtomicLong();

    /** @param path of the collection */
    SingleWrites(URI server, String path, int dimension) {
        this.head = "POST " + path + "/add HTTP/1.1\r\nHost: " + server.getAuthority()
                + "\r\nContent-Type: application/json\r\nContent-Length: ";
        this.embedding = new Random(1)
                .doubles(dimension)
                .mapToObj("%.6f"::formatted)
                .collect(Collectors.joining(",", "[[", "]]"));
    }

    @Override
    public byte[] next() {
        String body = "{\"ids\":[\"%d\"],\"embeddings\":%s}".formatted(next.getAndIncrement(), embedding);
        return (head + body.length() + "\r\n\r\n" + body).getBytes(StandardCharsets.US_ASCII);
    }
}

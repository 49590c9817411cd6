package io.quiver.loadtest.server;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;

/** What a server of ours says of itself at {@code /metrics}. */
public final class Metrics {
    private Metrics() {}

    /** A figure as it is now; the largest where there are several of that name. */
    public static double of(URI server, String name) throws IOException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return value(page(client, server), name);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    static String page(HttpClient client, URI server) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(server.resolve("/metrics")).build();
        return client.send(request, BodyHandlers.ofString()).body();
    }

    static double value(String page, String name) throws IOException {
        return page.lines()
                .filter(line -> line.startsWith(name))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .max()
                .orElseThrow(() -> new IOException("the server has no metric " + name));
    }
}

package io.quiver.gateway.server;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A short visit to a server on an empty directory: some records, one search, one look at the metrics. The virtual
 * machine notes which classes that took, so that the launcher can have them ready for every later start.
 */
final class TrainingVisit {
    private static final String COLLECTIONS = "/api/v2/tenants/default_tenant/databases/default_database/collections";
    private static final Pattern ID = Pattern.compile("\"id\":\"([^\"]+)\"");

    /** As many as the launcher has the server build a graph for. */
    static final int RECORDS = 300;

    private final HttpClient client;
    private final URI server;

    private TrainingVisit(HttpClient client, URI server) {
        this.client = client;
        this.server = server;
    }

    static void to(URI server) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            new TrainingVisit(client, server).visit();
        }
    }

    private void visit() throws IOException, InterruptedException {
        Matcher id = ID.matcher(post(COLLECTIONS, "{\"name\":\"training\"}"));
        if (!id.find()) {
            throw new IOException("no collection was made");
        }
        String collection = COLLECTIONS + "/" + id.group(1);
        post(collection + "/add", records());
        post(collection + "/query", "{\"query_embeddings\":[[1,0.5]],\"n_results\":1,\"where\":{\"k\":1}}");
        post(collection + "/get", "{\"ids\":[\"1\"]}");
        send(HttpRequest.newBuilder(server.resolve("/metrics")));
    }

    private static String records() {
        return "{\"ids\":[%s],\"embeddings\":[%s],\"metadatas\":[%s],\"documents\":[%s]}"
                .formatted(each("\"%d\""), each("[%d,1]"), each("{\"k\":%d}"), each("\"number %d\""));
    }

    private static String each(String pattern) {
        return IntStream.range(0, RECORDS).mapToObj(pattern::formatted).collect(Collectors.joining(","));
    }

    private String post(String path, String json) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(server.resolve(path))
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json)));
    }

    private String send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }
}

package io.quiver.gateway.history;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Groups over HTTP, by a connection of its own. */
final class HttpGroups implements AutoCloseable {
    static final String API = "/api/v2/tenants/default_tenant/databases/default_database/collections";

    private static final int REFUSED = 400;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI server;
    private final String id;
    private final String collection;

    /** @param collection id of the collection */
    HttpGroups(URI server, String collection) {
        this.server = server;
        this.id = collection;
        this.collection = API + "/" + collection;
    }

    /** Id of the collection. */
    String collection() {
        return id;
    }

    /** Makes a collection; returns its id. */
    static String create(URI server, String name) throws Exception {
        try (HttpGroups any = new HttpGroups(server, "")) {
            return new JsonObject(any.post(API, new JsonObject().put("name", name), "strong")
                            .body())
                    .getString("id");
        }
    }

    long write(int group, int version) throws Exception {
        JsonArray embeddings = new JsonArray();
        JsonArray metadatas = new JsonArray();
        for (int i = 0; i < Groups.RECORDS; i++) {
            embeddings.add(embedding(group, i));
            metadatas.add(new JsonObject(Groups.metadata(version)));
        }
        JsonObject body = new JsonObject()
                .put("ids", ids(group))
                .put("embeddings", embeddings)
                .put("metadatas", metadatas);
        return offset(post(collection + "/upsert", body, "strong"));
    }

    long delete(int group) throws Exception {
        return offset(post(collection + "/delete", new JsonObject().put("ids", ids(group)), "strong"));
    }

    Seen get(int group, String consistency) throws Exception {
        JsonObject body = new JsonObject().put("ids", ids(group)).put("include", new JsonArray(List.of("metadatas")));
        HttpResponse<String> answer = post(collection + "/get", body, consistency);
        return seen(answer, new JsonObject(answer.body()).getJsonArray("metadatas"));
    }

    /** The same question every time, so that the cache knows it. */
    Seen query(int group, String consistency) throws Exception {
        JsonObject body = new JsonObject()
                .put("query_embeddings", new JsonArray(List.of(embedding(group, 1))))
                .put("n_results", Groups.RECORDS * 2)
                .put("ids", ids(group))
                .put("include", new JsonArray(List.of("metadatas")));
        HttpResponse<String> answer = post(collection + "/query", body, consistency);
        return seen(
                answer, new JsonObject(answer.body()).getJsonArray("metadatas").getJsonArray(0));
    }

    Seen search(int group, String consistency) throws Exception {
        JsonObject search = new JsonObject()
                .put("filter", new JsonObject().put("#id", new JsonObject().put("$in", ids(group))))
                .put("limit", new JsonObject().put("limit", Groups.RECORDS * 2))
                .put("select", new JsonObject().put("keys", new JsonArray(List.of("#metadata"))));
        JsonObject body = new JsonObject().put("searches", new JsonArray(List.of(search)));
        HttpResponse<String> answer = post(collection + "/search", body, consistency);
        return seen(
                answer, new JsonObject(answer.body()).getJsonArray("metadatas").getJsonArray(0));
    }

    /** Records of the collection. */
    long count(String consistency) throws Exception {
        return Long.parseLong(
                send(request(collection + "/count", consistency).GET().build()).body());
    }

    private static Seen seen(HttpResponse<String> answer, JsonArray metadatas) {
        List<Integer> versions = new ArrayList<>();
        metadatas.forEach(each -> versions.add(((JsonObject) each).getInteger("version")));
        boolean isHit = answer.headers()
                .firstValue("x-quiver-cache")
                .filter("hit"::equals)
                .isPresent();
        return new Seen(versions, offset(answer), isHit);
    }

    private static long offset(HttpResponse<String> answer) {
        return Long.parseLong(answer.headers().firstValue("x-quiver-offset").orElseThrow());
    }

    private static JsonArray ids(int group) {
        return new JsonArray(Groups.ids(group));
    }

    private static JsonArray embedding(int group, int record) {
        JsonArray values = new JsonArray();
        for (float value : Groups.embedding(group, record)) {
            values.add(value);
        }
        return values;
    }

    private HttpResponse<String> post(String path, JsonObject body, String consistency) throws Exception {
        return send(request(path, consistency)
                .POST(BodyPublishers.ofString(body.encode()))
                .build());
    }

    private HttpRequest.Builder request(String path, String consistency) {
        return HttpRequest.newBuilder(server.resolve(path))
                .header("Content-Type", "application/json")
                .header("x-quiver-consistency", consistency)
                .timeout(Duration.ofSeconds(30));
    }

    private HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException, RefusedException {
        HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
        if (answer.statusCode() >= REFUSED) {
            throw new RefusedException(answer.statusCode() + " " + answer.body());
        }
        return answer;
    }

    @Override
    public void close() {
        http.close();
    }
}

package io.quiver.gateway.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.gateway.server.RunningServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Clients read and write the same few groups of records over HTTP at once, with the cache on, compactions, and a restart between. All
 * records of a group are written by one batch, so that a group is a register; its history is linearizable.
 *
 * <p>{@code -Dquiver.operations=} says how many events in each of the two halves; the seed is printed.
 */
class HistoryTest {
    private static final String API = "/api/v2/tenants/default_tenant/databases/default_database/collections";
    private static final int OPERATIONS = Integer.getInteger("quiver.operations", 1_200);
    private static final int CLIENTS = 8;
    private static final int GROUPS = 12;
    private static final int GROUP_RECORDS = 3;
    private static final int REFUSED = 400;

    @TempDir
    Path directory;

    private final long seed = Long.getLong("quiver.seed", System.nanoTime());
    private final Map<Integer, List<Event>> histories = new ConcurrentHashMap<>();
    private final AtomicInteger versions = new AtomicInteger();
    private final AtomicInteger hits = new AtomicInteger();

    @Test
    void everyGroupIsARegister() throws Exception {
        System.out.printf("seed %d%n", seed);
        String collection = null;
        for (int half = 0; half < 2; half++) {
            try (RunningServer server =
                    RunningServer.start(directory, Map.of("delta.rows-max", "200", "compaction.age-max", "100 ms"))) {
                collection = collection == null ? create(server) : collection;
                run(server, collection, half);
            }
        }
        histories.forEach((group, events) -> assertTrue(
                new RegisterHistory(events).isLinearizable(),
                () -> "seed %d, group %d: %s".formatted(seed, group, events)));
        assertTrue(hits.get() > 0, "no answer came from the cache");
        System.out.printf(
                "%d events of %d groups, %d hits of the cache: all linearizable%n",
                histories.values().stream().mapToInt(List::size).sum(), GROUPS, hits.get());
    }

    private String create(RunningServer server) throws Exception {
        try (Client client = new Client(server, "", new Random(0))) {
            JsonObject made = new JsonObject(
                    client.post(API, new JsonObject().put("name", "history")).body());
            return API + "/" + made.getString("id");
        }
    }

    private void run(RunningServer server, String collection, int half) throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(CLIENTS)) {
            List<Future<Void>> running = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                Random random = new Random(seed + 100L * half + i);
                Callable<Void> task = () -> {
                    try (Client client = new Client(server, collection, random)) {
                        for (int operation = 0; operation < OPERATIONS / CLIENTS; operation++) {
                            client.step();
                        }
                    }
                    return null;
                };
                running.add(threads.submit(task));
            }
            for (Future<Void> client : running) {
                client.get();
            }
        }
    }

    private final class Client implements AutoCloseable {
        private final HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        private final RunningServer server;
        private final String collection;
        private final Random random;
        private long written;

        Client(RunningServer server, String collection, Random random) {
            this.server = server;
            this.collection = collection;
            this.random = random;
        }

        void step() throws Exception {
            int group = random.nextInt(GROUPS);
            switch (random.nextInt(10)) {
                case 0, 1, 2 -> write(group, versions.incrementAndGet());
                case 3 -> delete(group);
                case 4, 5, 6 -> note(group, get(group));
                case 7 -> readAtLeast(group);
                default -> {
                    note(group, query(group));
                    note(group, query(group));
                }
            }
        }

        private void write(int group, int version) throws Exception {
            JsonArray embeddings = new JsonArray();
            JsonArray metadatas = new JsonArray();
            for (int i = 0; i < GROUP_RECORDS; i++) {
                embeddings.add(new JsonArray(List.of(group, i)));
                metadatas.add(new JsonObject().put("version", version));
            }
            JsonObject body = new JsonObject()
                    .put("ids", ids(group))
                    .put("embeddings", embeddings)
                    .put("metadatas", metadatas);
            change(group, version, "/upsert", body);
        }

        private void delete(int group) throws Exception {
            change(group, Event.ABSENT, "/delete", new JsonObject().put("ids", ids(group)));
        }

        private void change(int group, int version, String route, JsonObject body) throws Exception {
            long begin = System.nanoTime();
            HttpResponse<String> answer = post(collection + route, body);
            boolean isDone = answer.statusCode() < REFUSED;
            note(group, isDone ? Event.write(version, begin, System.nanoTime()) : Event.doubtful(version, begin));
            if (isDone) {
                written = Math.max(written, offset(answer));
            }
        }

        private Event get(int group) throws Exception {
            long begin = System.nanoTime();
            HttpResponse<String> answer = post(collection + "/get", getBody(group));
            return read(new JsonObject(answer.body()).getJsonArray("metadatas"), begin);
        }

        private JsonObject getBody(int group) {
            return new JsonObject().put("ids", ids(group)).put("include", new JsonArray(List.of("metadatas")));
        }

        /** The same question every time, so that the cache knows it. */
        private Event query(int group) throws Exception {
            JsonObject body = new JsonObject()
                    .put("query_embeddings", new JsonArray(List.of(new JsonArray(List.of(group, 1)))))
                    .put("n_results", GROUP_RECORDS * 2)
                    .put("ids", ids(group))
                    .put("include", new JsonArray(List.of("metadatas")));
            long begin = System.nanoTime();
            HttpResponse<String> answer = post(collection + "/query", body);
            answer.headers().firstValue("x-quiver-cache").filter("hit"::equals).ifPresent(_ -> hits.incrementAndGet());
            return read(new JsonObject(answer.body()).getJsonArray("metadatas").getJsonArray(0), begin);
        }

        /** Who says what it has seen sees at least that. */
        private void readAtLeast(int group) throws Exception {
            HttpResponse<String> answer = post(collection + "/get", getBody(group), "at_least=" + written);
            assertEquals(200, answer.statusCode(), answer.body());
            assertTrue(offset(answer) >= written, "seed %d: %s before %d".formatted(seed, offset(answer), written));
        }

        private Event read(JsonArray metadatas, long begin) {
            Set<Integer> seen = new HashSet<>();
            metadatas.forEach(each -> seen.add(((JsonObject) each).getInteger("version")));
            boolean isWhole = metadatas.isEmpty() || (metadatas.size() == GROUP_RECORDS && seen.size() == 1);
            int value = metadatas.isEmpty() ? Event.ABSENT : seen.iterator().next();
            return Event.read(isWhole ? value : Event.MIXED, begin, System.nanoTime());
        }

        private void note(int group, Event event) {
            histories.computeIfAbsent(group, _ -> new CopyOnWriteArrayList<>()).add(event);
        }

        private JsonArray ids(int group) {
            JsonArray ids = new JsonArray();
            for (int i = 0; i < GROUP_RECORDS; i++) {
                ids.add(group + "-" + i);
            }
            return ids;
        }

        private long offset(HttpResponse<String> answer) {
            return Long.parseLong(answer.headers().firstValue("x-quiver-offset").orElseThrow());
        }

        HttpResponse<String> post(String path, JsonObject body) throws IOException, InterruptedException {
            return post(path, body, "strong");
        }

        private HttpResponse<String> post(String path, JsonObject body, String consistency)
                throws IOException, InterruptedException {
            HttpRequest request = HttpRequest.newBuilder(server.http().resolve(path))
                    .header("Content-Type", "application/json")
                    .header("x-quiver-consistency", consistency)
                    .timeout(Duration.ofSeconds(30))
                    .POST(BodyPublishers.ofString(body.encode()))
                    .build();
            return http.send(request, BodyHandlers.ofString());
        }

        @Override
        public void close() {
            http.close();
        }
    }
}

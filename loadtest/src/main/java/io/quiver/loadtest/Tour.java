package io.quiver.loadtest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quiver.loadtest.data.DataSet;
import io.quiver.loadtest.data.Recall;
import io.quiver.loadtest.door.Door;
import io.quiver.loadtest.door.FlightDoor;
import io.quiver.loadtest.door.HttpConnection;
import io.quiver.loadtest.door.HttpDoor;
import io.quiver.loadtest.door.Session;
import io.quiver.loadtest.run.Load;
import io.quiver.loadtest.run.Measurement;
import io.quiver.loadtest.server.ServerProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import me.tongfei.progressbar.ProgressBar;

/** The steps of the demo. Prints as it goes; a step that does not show what it should makes the tour fail. */
record Tour(DataSet set, Path dataDirectory, Path logFile) {
    private static final String COLLECTION = "tour";
    private static final int BATCH = 1_000;
    private static final int K = 10;
    private static final int COMPARED = 200;

    boolean run() throws IOException {
        System.out.println("2. Starting a server on an empty directory");
        List<String> before;
        try (ServerProcess server = DemoCommand.start(dataDirectory, logFile)) {
            load(server);
            searchBothWays(server);
            filter(server);
            before = answers(server);
            System.out.println("6. kill -9, and starting again on the same directory");
            server.kill();
        }
        try (ServerProcess server = DemoCommand.start(dataDirectory, logFile)) {
            boolean isSame = before.equals(answers(server));
            System.out.println(isSame ? "   every answer is the same as before, byte by byte" : "   ANSWERS DIFFER");
            System.out.println("7. SIGTERM: exit code " + server.stop());
            return isSame;
        }
    }

    private void load(ServerProcess server) throws IOException {
        System.out.printf(
                "3. Loading %,d records over HTTP, each batch durable%n",
                set.base().count());
        HttpDoor door = new HttpDoor(server.http());
        door.create(COLLECTION, set.space(), set.base().dimension());
        Load<Session> load = new Load<>(
                "load", (set.base().count() + BATCH - 1) / BATCH, 2, 0, door::connect, (session, request) -> {
                    int to = Math.min((request + 1) * BATCH, set.base().count());
                    session.add(set.base(), request * BATCH, to);
                    return to - request * BATCH;
                });
        Measurement measured;
        try (ProgressBar bar = new ProgressBar("   records", set.base().count())) {
            measured = load.run(server.usage(), bar::stepBy);
        }
        System.out.printf("   %,.0f records/s%n", measured.perSecond());
    }

    private void searchBothWays(ServerProcess server) throws IOException {
        System.out.printf("4. Searching %,d queries, exactly%n", set.queries().count());
        HttpDoor http = new HttpDoor(server.http());
        http.use(COLLECTION);
        search(http, server);
        FlightDoor flight = new FlightDoor(server.flight());
        flight.use(COLLECTION);
        search(flight, server);
    }

    /** Ids and distances of some queries, as they come over HTTP. */
    private List<String> answers(ServerProcess server) throws IOException {
        HttpDoor door = new HttpDoor(server.http());
        door.use(COLLECTION);
        List<String> answers = new ArrayList<>();
        try (HttpConnection connection = new HttpConnection(server.http())) {
            for (int query = 0; query < Math.min(COMPARED, set.queries().count()); query++) {
                String body = "{\"query_embeddings\":[%s],\"n_results\":%d,\"include\":[\"distances\"]}"
                        .formatted(set.queries().get(query), K);
                answers.add(send(connection, door.path() + "/query", body).toString());
            }
        }
        return answers;
    }

    private void search(Door door, ServerProcess server) throws IOException {
        int[][] found = new int[set.queries().count()][];
        int batch = 50;
        Load<Session> load =
                new Load<>("search", (found.length + batch - 1) / batch, 2, 0, door::connect, (session, request) -> {
                    int to = Math.min((request + 1) * batch, found.length);
                    int[][] rows = session.search(set.queries(), request * batch, to, K);
                    System.arraycopy(rows, 0, found, request * batch, rows.length);
                    return rows.length;
                });
        Measurement measured = load.run(server.usage(), _ -> {});
        Recall recall = new Recall(set);
        for (int query = 0; query < found.length; query++) {
            recall.add(query, found[query], K);
        }
        System.out.printf(
                "   over %-6s %,8.0f queries/s, recall@%d %.4f%n",
                door.name(), measured.perSecond(), K, recall.value());
    }

    private static void filter(ServerProcess server) throws IOException {
        System.out.println("5. Giving three records metadata and a document, and filtering by both");
        HttpDoor door = new HttpDoor(server.http());
        door.use(COLLECTION);
        try (HttpConnection connection = new HttpConnection(server.http())) {
            send(connection, door.path() + "/update", """
                    {"ids":["1","2","3"],"metadatas":[{"colour":"red","size":1},{"colour":"red","size":2},{"colour":"blue"}],
                     "documents":["an arrow of ash","an arrow of yew","a bow of yew"]}""");
            JsonNode found = send(connection, door.path() + "/get", """
                    {"where":{"$and":[{"colour":"red"},{"size":{"$gt":1}}]},"where_document":{"$contains":"yew"}}""");
            System.out.println("   red, size > 1, \"yew\": " + found.get("ids") + ' ' + found.get("documents"));
        }
    }

    private static JsonNode send(HttpConnection connection, String path, String body) throws IOException {
        return new ObjectMapper()
                .readTree(connection
                        .send("POST", path, body.getBytes(StandardCharsets.UTF_8))
                        .expectSuccess()
                        .body());
    }
}

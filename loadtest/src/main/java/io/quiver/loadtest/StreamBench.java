package io.quiver.loadtest;

import io.quiver.loadtest.data.DataSet;
import io.quiver.loadtest.data.DataSets;
import io.quiver.loadtest.door.HttpDoor;
import io.quiver.loadtest.door.Session;
import io.quiver.loadtest.door.StreamCaller;
import io.quiver.loadtest.server.ServerProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code quiver bench stream}: single queries on one connection, over HTTP and over a WebSocket, and what idle ones
 * weigh.
 */
@Command(
        name = "stream",
        description =
                "Asks single queries on one HTTP connection and on one WebSocket, in turns, then opens idle WebSockets.",
        mixinStandardHelpOptions = true,
        showDefaultValues = true)
final class StreamBench implements Callable<Integer> {
    private static final int K = 10;
    private static final int BATCH = 1_000;

    @Option(names = "--data", description = "What is searched.")
    private String data = "generated:n=10000,d=128,queries=1000";

    @Option(names = "--queries", description = "Queries of each turn.")
    private int queries = 5_000;

    @Option(names = "--rounds", description = "Turns of each; the first one warms up and does not count.")
    private int rounds = 4;

    @Option(names = "--in-flight", description = "Queries of the WebSocket that have no answer yet.")
    private int inFlight = 64;

    @Option(names = "--idle", description = "WebSockets that are opened and left alone.")
    private int idle = 1_000;

    @Override
    public Integer call() throws IOException {
        Path folder = Files.createTempDirectory("quiver-stream");
        try (ServerProcess server =
                ServerProcess.start(ServerProcess.root(), folder.resolve("data"), folder.resolve("server.log"))) {
            HttpDoor door = new HttpDoor(server.http());
            DataSet set = DataSets.open(data);
            load(door, set);
            compare(door, set, server.http());
            weigh(server, door);
            server.stop();
            return 0;
        } finally {
            Folders.delete(folder);
        }
    }

    private static void load(HttpDoor door, DataSet set) throws IOException {
        door.create("stream", set.space(), set.base().dimension());
        try (Session session = door.connect()) {
            for (int from = 0; from < set.base().count(); from += BATCH) {
                session.add(set.base(), from, Math.min(from + BATCH, set.base().count()));
            }
        }
    }

    private void compare(HttpDoor door, DataSet set, URI server) throws IOException {
        double overHttp = 0;
        double overStream = 0;
        for (int round = 0; round < rounds; round++) {
            double http = overHttp(door, set);
            double stream = overStream(door, set, server);
            System.out.printf("HTTP %,.0f/s   WebSocket %,.0f/s   %.2f times%n", http, stream, stream / http);
            overHttp += round == 0 ? 0 : http;
            overStream += round == 0 ? 0 : stream;
        }
        System.out.printf(
                "one connection: the WebSocket answers %.2f times as many queries a second as HTTP%n",
                overStream / overHttp);
    }

    private double overHttp(HttpDoor door, DataSet set) throws IOException {
        try (Session session = door.connect()) {
            long begin = System.nanoTime();
            for (int i = 0; i < queries; i++) {
                int query = i % set.queries().count();
                session.search(set.queries(), query, query + 1, K);
            }
            return queries / ((System.nanoTime() - begin) / 1e9);
        }
    }

    private double overStream(HttpDoor door, DataSet set, URI server) throws IOException {
        try (HttpClient http = HttpClient.newHttpClient();
                StreamCaller caller = new StreamCaller(http, server, door.path(), inFlight)) {
            long begin = System.nanoTime();
            for (int i = 0; i < queries; i++) {
                caller.ask(set.queries(), i % set.queries().count(), K);
            }
            caller.awaitAnswers();
            return queries / ((System.nanoTime() - begin) / 1e9);
        }
    }

    private void weigh(ServerProcess server, HttpDoor door) throws IOException {
        List<StreamCaller> open = new ArrayList<>();
        try (HttpClient http = HttpClient.newHttpClient()) {
            double before = server.usage().residentMiB();
            for (int i = 0; i < idle; i++) {
                open.add(new StreamCaller(http, server.http(), door.path(), 1));
            }
            System.out.printf(
                    "%,d idle WebSockets: %.1f MiB more resident memory (%.0f before)%n",
                    idle, server.usage().residentMiB() - before, before);
            open.forEach(StreamCaller::close);
        }
    }
}

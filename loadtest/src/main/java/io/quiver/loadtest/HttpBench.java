package io.quiver.loadtest;

import io.quiver.loadtest.data.DataSet;
import io.quiver.loadtest.data.DataSets;
import io.quiver.loadtest.data.Recall;
import io.quiver.loadtest.door.HttpDoor;
import io.quiver.loadtest.door.QueryBody;
import io.quiver.loadtest.door.Session;
import io.quiver.loadtest.index.CpuTime;
import io.quiver.loadtest.peer.EmptyPeer;
import io.quiver.loadtest.report.Report;
import io.quiver.loadtest.run.Measurement;
import io.quiver.loadtest.run.ServerUsage;
import io.quiver.loadtest.server.ServerProcess;
import io.quiver.loadtest.server.Settling;
import io.quiver.loadtest.swarm.QueryRequests;
import io.quiver.loadtest.swarm.Swarm;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code quiver bench http}: very many small queries, beside a server that does nothing with them. */
@Command(
        name = "http",
        description = {
            "Loads a data set and asks single queries over HTTP, in turns with the same requests to an empty Vert.x",
            "handler in a process of its own: queries that are new, queries answered before, one connection, and an",
            "open loop. Ratios are of medians over the turns."
        },
        mixinStandardHelpOptions = true,
        showDefaultValues = true)
final class HttpBench implements Callable<Integer> {
    private static final int LOAD_BATCH = 1_000;
    private static final int HOT_QUERIES = 500;

    @Option(names = "--data", description = "What is loaded and searched.")
    private String data = "generated:n=100000,d=128,queries=2000";

    @Option(names = "-k", description = "Hits a query asks for.")
    private int k = 10;

    @Option(names = "--target-recall", description = "Recall that queries ask for; 0 for the collection's beam width.")
    private double targetRecall = 0.99;

    @Option(names = "--connections", description = "Connections of the loops with many.")
    private int connections = 64;

    @Option(names = "--seconds", description = "Length of each measurement.")
    private double seconds = 3;

    @Option(names = "--warm-up", description = "Seconds of requests to each server before.")
    private double warmUp = 8;

    @Option(names = "--turns", description = "Measurements of each kind.")
    private int turns = 3;

    @Option(names = "--open-loop-load", description = "Rate of the open loop, as a share of the closed loop's.")
    private double openLoopLoad = 0.7;

    @Option(names = "--server-option", description = "Given to quiver serve, may be repeated: --set name=value")
    private List<String> serverOptions = new ArrayList<>();

    @Option(names = "--out", description = "Folder for report.json and report.html.")
    private Path out = Path.of("quiver-bench-http");

    @Override
    public Integer call() throws IOException {
        DataSet set = DataSets.open(data);
        Path folder = Files.createTempDirectory("quiver-http");
        // Later than the load ends, so that all rows come into one segment with one graph.
        List<String> options = new ArrayList<>(List.of("--set", "compaction.age-max=8 s"));
        options.addAll(serverOptions);
        try (ServerProcess server = ServerProcess.start(
                        ServerProcess.root(),
                        folder.resolve("data"),
                        folder.resolve("server.log"),
                        options.toArray(String[]::new));
                EmptyPeer peer = EmptyPeer.start(
                        ServerProcess.root(), Runtime.getRuntime().availableProcessors())) {
            Report report = new Report("Quiver bench http: " + set.name());
            measure(set, server, peer, report);
            System.out.print(report.table());
            report.write(out);
            server.stop();
            return 0;
        } finally {
            Folders.delete(folder);
        }
    }

    private void measure(DataSet set, ServerProcess server, EmptyPeer peer, Report report) throws IOException {
        String fields = targetRecall == 0 ? "" : ",\"target_recall\":" + targetRecall;
        QueryBody form = new QueryBody(k, fields);
        HttpDoor door = new HttpDoor(server.http(), fields);
        new DoorBench(door, set, server.usage(), k, 1, LOAD_BATCH, 1, 1).load();
        report.fact(
                "settled after",
                "%.0f s".formatted(Settling.await(server.http()).toMillis() / 1e3));
        report.fact("recall@" + k, "%.4f".formatted(recall(set, door)));
        Kind empty = new Kind(
                "empty handler",
                peer.http(),
                peer.usage(),
                QueryRequests.eachNew(peer.http(), door.path(), set.queries(), form));
        Kind query = new Kind(
                "queries",
                server.http(),
                server.usage(),
                QueryRequests.eachNew(server.http(), door.path(), set.queries(), form));
        Kind hot = new Kind(
                "cache hits",
                server.http(),
                server.usage(),
                QueryRequests.repeated(server.http(), door.path(), set.queries(), form, HOT_QUERIES));
        for (Kind kind : List.of(empty, query, hot)) {
            swarm(kind, connections, warmUp).closedLoop(kind.requests, kind.usage);
        }
        double queriesPerSecond = inTurns(List.of(empty, query, hot), report);
        for (Kind kind : List.of(empty, query, hot)) {
            report.add(kind.named(", one connection", swarm(kind, 1, seconds)::closedLoop));
        }
        double rate = queriesPerSecond * openLoopLoad;
        swarm(query, connections, warmUp).openLoop(query.requests, query.usage, rate);
        report.add(query.named(
                ", open loop",
                (requests, usage) -> swarm(query, connections, seconds).openLoop(requests, usage, rate)));
    }

    /** Measures all kinds in turns; the first is what the others are compared with. Returns the second's rate. */
    private double inTurns(List<Kind> kinds, Report report) throws IOException {
        List<List<Measurement>> measured =
                kinds.stream().<List<Measurement>>map(kind -> new ArrayList<>()).toList();
        double clientCpu = CpuTime.ofProcessSeconds();
        long answers = 0;
        for (int turn = 0; turn < turns; turn++) {
            for (int i = 0; i < kinds.size(); i++) {
                Kind kind = kinds.get(i);
                Measurement one = kind.named("", swarm(kind, connections, seconds)::closedLoop);
                measured.get(i).add(one);
                answers += one.operations();
            }
        }
        report.fact(
                "client cpu", "%.1f us a request".formatted((CpuTime.ofProcessSeconds() - clientCpu) * 1e6 / answers));
        List<Measurement> medians = measured.stream().map(HttpBench::median).toList();
        medians.forEach(report::add);
        for (int i = 1; i < kinds.size(); i++) {
            report.fact(
                    kinds.get(i).name + " against empty",
                    "%.3f of its requests/s"
                            .formatted(medians.get(i).perSecond()
                                    / medians.getFirst().perSecond()));
        }
        return medians.get(1).perSecond();
    }

    private static Measurement median(List<Measurement> all) {
        List<Measurement> sorted = all.stream()
                .sorted(Comparator.comparingDouble(Measurement::perSecond))
                .toList();
        return sorted.get(sorted.size() / 2);
    }

    private static Swarm swarm(Kind kind, int connections, double seconds) {
        return new Swarm(kind.name, kind.server, connections, Duration.ofNanos((long) (seconds * 1e9)));
    }

    private double recall(DataSet set, HttpDoor door) throws IOException {
        Recall recall = new Recall(set);
        try (Session session = door.connect()) {
            for (int query = 0; query < set.queries().count(); query++) {
                recall.add(query, session.search(set.queries(), query, query + 1, k)[0], k);
            }
        }
        return recall.value();
    }

    /** One kind of request to one of the servers. */
    private record Kind(String name, URI server, ServerUsage usage, QueryRequests requests) {
        @FunctionalInterface
        private interface Loop {
            Measurement run(QueryRequests requests, ServerUsage usage) throws IOException;
        }

        Measurement named(String suffix, Loop loop) throws IOException {
            return loop.run(requests, usage).withName(name + suffix);
        }
    }
}

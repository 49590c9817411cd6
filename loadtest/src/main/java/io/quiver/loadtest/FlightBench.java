package io.quiver.loadtest;

import io.quiver.flight.client.BulkClient;
import io.quiver.loadtest.bulk.IndexAlone;
import io.quiver.loadtest.bulk.LogAlone;
import io.quiver.loadtest.bulk.Rate;
import io.quiver.loadtest.data.DataSet;
import io.quiver.loadtest.data.DataSets;
import io.quiver.loadtest.door.FlightDoor;
import io.quiver.loadtest.index.engine.Searcher;
import io.quiver.loadtest.run.Load;
import io.quiver.loadtest.run.Measurement;
import io.quiver.loadtest.server.ServerProcess;
import io.quiver.loadtest.server.Settling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code quiver bench flight}: bulk loads and searches beside what log, delta and index do without a door. */
@Command(
        name = "flight",
        description = {
            "Loads a data set over Flight and searches it in large batches, in turns with the same load of a log and its",
            "deltas and the same searches of a graph, both in this process. The client's work is part of what Flight",
            "takes by the clock; processor time is the server's alone."
        },
        mixinStandardHelpOptions = true,
        showDefaultValues = true)
final class FlightBench implements Callable<Integer> {
    private static final int LOAD_BATCH = 1_000;
    private static final int LOADERS = 4;
    /** As the bench of doors names it. */
    private static final String COLLECTION = "bench-flight";

    @Option(names = "--data", description = "What is loaded and searched.")
    private String data = "generated:n=200000,d=128,queries=10000";

    @Option(names = "--query-batch", description = "Queries a batch has.")
    private int queryBatch = 1_000;

    @Option(names = "--ef", description = "Width of the beam, of both.")
    private int ef = 100;

    @Option(names = "--sessions", description = "Flight connections that search, and threads that search the graph.")
    private int sessions = 2;

    @Option(names = "--rounds", description = "How often all queries are asked in a turn.")
    private int rounds = 5;

    @Option(names = "--turns", description = "Turns of each; the first one warms up and does not count.")
    private int turns = 4;

    @Override
    public Integer call() throws IOException {
        DataSet set = DataSets.open(data);
        Path folder = Files.createTempDirectory("quiver-flight");
        // Loads are compared with deltas alone, and searches with one graph: all is compacted at once, when that is
        // asked for.
        try (ServerProcess server = ServerProcess.start(
                ServerProcess.root(),
                folder.resolve("data"),
                folder.resolve("server.log"),
                "--set",
                "compaction.age-max=1 h",
                "--set",
                "delta.rows-max=" + set.base().count(),
                "--set",
                "delta.bytes-max=16 GiB")) {
            compareLoads(set, server, folder);
            compareSearches(set, server);
            server.stop();
        } finally {
            Folders.delete(folder);
        }
        return 0;
    }

    private void compareLoads(DataSet set, ServerProcess server, Path folder) throws IOException {
        double flight = 0;
        double alone = 0;
        for (int turn = 0; turn < turns; turn++) {
            Path log = Files.createDirectory(folder.resolve("log-" + turn));
            Rate byLog = new LogAlone(set, LOAD_BATCH, LOADERS).load(log);
            Folders.delete(log);
            Rate byFlight = load(set, server);
            System.out.printf(
                    "load: Flight %,.0f/s (%.1f us CPU)   log and delta alone %,.0f/s (%.1f us CPU)   %.2f%n",
                    byFlight.perSecond(),
                    byFlight.cpuMicros(),
                    byLog.perSecond(),
                    byLog.cpuMicros(),
                    byFlight.perSecond() / byLog.perSecond());
            flight += turn == 0 ? 0 : byFlight.perSecond();
            alone += turn == 0 ? 0 : byLog.perSecond();
        }
        System.out.printf("load: Flight reaches %.2f of what log and delta alone do%n", flight / alone);
    }

    private Rate load(DataSet set, ServerProcess server) throws IOException {
        FlightDoor door = new FlightDoor(server.flight());
        DoorBench bench = new DoorBench(door, set, server.usage(), Searcher.K, LOADERS, LOAD_BATCH, queryBatch, 1);
        Measurement loaded = bench.load().getFirst();
        return new Rate(loaded.perSecond(), loaded.serverCpuMicros());
    }

    private void compareSearches(DataSet set, ServerProcess server) throws IOException {
        try (IndexAlone index = new IndexAlone(set, sessions)) {
            compact(server);
            FlightDoor door = new FlightDoor(server.flight(), ",\"ef\":" + ef);
            door.use(COLLECTION);
            double flight = 0;
            double alone = 0;
            for (int turn = 0; turn < turns; turn++) {
                IndexAlone.Answered byIndex = index.search(ef, queryBatch, rounds);
                Measurement byFlight = search(set, door, server);
                System.out.printf(
                        "search: Flight %,.0f/s (%.1f us CPU)   index alone %,.0f/s (%.1f us CPU, recall %.4f)   %.2f%n",
                        byFlight.perSecond(),
                        byFlight.serverCpuMicros(),
                        byIndex.rate().perSecond(),
                        byIndex.rate().cpuMicros(),
                        byIndex.recall(),
                        byFlight.perSecond() / byIndex.rate().perSecond());
                flight += turn == 0 ? 0 : byFlight.perSecond();
                alone += turn == 0 ? 0 : byIndex.rate().perSecond();
            }
            System.out.printf("search: Flight reaches %.2f of what the index alone does%n", flight / alone);
        }
    }

    /** Until there is one graph of everything. */
    private static void compact(ServerProcess server) throws IOException {
        try (BulkClient client = BulkClient.connect(server.flight())) {
            client.act("compact", "{\"collection\":\"%s\"}".formatted(COLLECTION));
        }
        Settling.await(server.http());
    }

    private Measurement search(DataSet set, FlightDoor door, ServerProcess server) throws IOException {
        int queries = set.queries().count();
        int batches = Math.ceilDiv(queries, queryBatch);
        return new Load<>("Flight search", batches * rounds, sessions, 0, door::connect, (session, request) -> {
                    int from = request % batches * queryBatch;
                    int to = Math.min(from + queryBatch, queries);
                    session.search(set.queries(), from, to, Searcher.K);
                    return to - from;
                })
                .run(server.usage(), _ -> {});
    }
}

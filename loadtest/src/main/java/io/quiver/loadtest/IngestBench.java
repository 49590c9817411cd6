package io.quiver.loadtest;

import io.quiver.loadtest.data.DataSet;
import io.quiver.loadtest.data.DataSets;
import io.quiver.loadtest.data.Recall;
import io.quiver.loadtest.door.Door;
import io.quiver.loadtest.door.FlightDoor;
import io.quiver.loadtest.door.Session;
import io.quiver.loadtest.report.Report;
import io.quiver.loadtest.run.Load;
import io.quiver.loadtest.run.Measurement;
import io.quiver.loadtest.server.ServerProcess;
import io.quiver.loadtest.server.Settling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code quiver bench ingest}: what searches notice of a steady load and of the compactions that follow it. */
@Command(
        name = "ingest",
        description = {
            "Loads half of a data set, searches it when the server is idle, and again while the other half",
            "comes in at a steady rate and is compacted. Then recall, when all is in."
        },
        mixinStandardHelpOptions = true,
        showDefaultValues = true)
final class IngestBench implements Callable<Integer> {
    private static final int LOADERS = 4;
    private static final int K = 10;
    private static final int SLICE_QUERIES = 1_000;

    @Option(names = "--data", description = "What is loaded and searched.")
    private String data = "generated:n=120000,d=768,queries=1000";

    @Option(names = "--rate", description = "Records a second that come in while searches run.")
    private int rate = 1_000;

    @Option(names = "--batch", description = "Records a message of the steady load has.")
    private int batch = 100;

    @Option(names = "--connections", description = "Connections that search, closed loop.")
    private int connections = 1;

    @Option(names = "--idle-queries", description = "Queries of each measurement without a load.")
    private int idleQueries = 20_000;

    @Override
    public Integer call() throws IOException {
        DataSet set = DataSets.open(data);
        Path folder = Files.createTempDirectory("quiver-ingest");
        try (ServerProcess server = ServerProcess.start(
                ServerProcess.root(),
                folder.resolve("data"),
                folder.resolve("server.log"),
                "--set",
                "compaction.age-max=5 s")) {
            Report report = new Report("Quiver bench ingest: " + set.name());
            measure(set, server, report);
            System.out.print(report.table());
            server.stop();
            return 0;
        } finally {
            Folders.delete(folder);
        }
    }

    private void measure(DataSet set, ServerProcess server, Report report) throws IOException {
        Door door = new FlightDoor(server.flight());
        door.create("ingest", set.space(), set.base().dimension());
        int half = set.base().count() / 2;
        load(set, door, server, "load", 0, half, 0);
        Settling.await(server.http());
        search(set, door, server, "warm-up", idleQueries);
        Measurement idle = search(set, door, server, "search, idle", idleQueries);
        report.add(idle);
        CompletableFuture<Measurement> ingest = CompletableFuture.supplyAsync(() -> ingest(set, door, server, half));
        Measurement loaded = searchUntil(set, door, server, ingest);
        report.add(ingest.join());
        report.add(loaded);
        report.fact("queries/s against idle", "%.2f".formatted(loaded.perSecond() / idle.perSecond()));
        report.fact("p99 against idle", "%.2f".formatted(loaded.latencyMs(99) / idle.latencyMs(99)));
        report.fact(
                "settled after",
                "%.0f s".formatted(Settling.await(server.http()).toMillis() / 1e3));
        report.fact("recall@10 in the end", "%.4f".formatted(recall(set, door)));
    }

    private Measurement ingest(DataSet set, Door door, ServerProcess server, int from) {
        try {
            return load(set, door, server, "load, steady", from, set.base().count(), rate);
        } catch (IOException e) {
            throw new CompletionException(e);
        }
    }

    private Measurement load(
            DataSet set, Door door, ServerProcess server, String name, int from, int to, int recordsPerSecond)
            throws IOException {
        int requests = (to - from + batch - 1) / batch;
        double requestsPerSecond = (double) recordsPerSecond / batch;
        return new Load<>(name, requests, LOADERS, requestsPerSecond, door::connect, (session, request) -> {
                    int first = from + request * batch;
                    int last = Math.min(first + batch, to);
                    session.add(set.base(), first, last);
                    return last - first;
                })
                .run(server.usage(), _ -> {});
    }

    /** Asks for as long as the load goes on. */
    private Measurement searchUntil(DataSet set, Door door, ServerProcess server, CompletableFuture<?> end)
            throws IOException {
        Measurement all = search(set, door, server, "search, under load", SLICE_QUERIES);
        while (!end.isDone()) {
            all = all.and(search(set, door, server, "search, under load", SLICE_QUERIES));
        }
        return all;
    }

    private Measurement search(DataSet set, Door door, ServerProcess server, String name, int queries)
            throws IOException {
        int known = set.queries().count();
        return new Load<>(name, queries, connections, 0, door::connect, (session, request) -> {
                    session.search(set.queries(), request % known, request % known + 1, K);
                    return 1;
                })
                .run(server.usage(), _ -> {});
    }

    private static double recall(DataSet set, Door door) throws IOException {
        Recall recall = new Recall(set);
        try (Session session = door.connect()) {
            for (int query = 0; query < set.queries().count(); query++) {
                recall.add(query, session.search(set.queries(), query, query + 1, K)[0], K);
            }
        }
        return recall.value();
    }
}

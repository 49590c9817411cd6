package io.quiver.loadtest;

import io.quiver.loadtest.data.DataSet;
import io.quiver.loadtest.data.DataSets;
import io.quiver.loadtest.door.Door;
import io.quiver.loadtest.door.FlightDoor;
import io.quiver.loadtest.door.HttpDoor;
import io.quiver.loadtest.report.Report;
import io.quiver.loadtest.run.ServerUsage;
import io.quiver.loadtest.server.ServerProcess;
import io.quiver.loadtest.server.Settling;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code quiver bench}: loads a data set and searches it, over each door. */
@Command(
        name = "bench",
        description = {
            "Loads a data set and searches it over HTTP and Flight, closed loop and open loop.",
            "Without --http, starts a server of its own on a temporary directory, and searches when all is compacted.",
            "Other benchmarks are commands below it."
        },
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        subcommands = {
            IndexBench.class,
            IngestBench.class,
            DeltaBench.class,
            FilterBench.class,
            FlightBench.class,
            HybridBench.class,
            HttpBench.class,
            KernelBench.class,
            OverloadBench.class,
            FairnessBench.class,
            ProtectionBench.class,
            ScanBench.class,
            SoakBench.class,
            SparseBench.class,
            StartBench.class,
            StreamBench.class,
            WriteBench.class
        })
final class BenchCommand implements Callable<Integer> {
    @Option(
            names = "--data",
            description = "mnist:FOLDER, fvecs:PREFIX or generated:n=..,d=..,queries=..,space=..,seed=..")
    private String data = "generated:n=100000,d=128,queries=2000";

    @Option(names = "--queries", description = "Search with at most so many queries.")
    private int queries = Integer.MAX_VALUE;

    @Option(names = "--http", description = "URL of a Chroma-compatible server that runs already.")
    private @Nullable URI http;

    @Option(names = "--flight", description = "URL (grpc://host:port) of the Flight door of that server.")
    private @Nullable URI flight;

    @Option(names = "--pid", description = "Process id of that server, for its processor time and memory.")
    private long pid;

    @Option(names = "-k", description = "Hits a query asks for.")
    private int k = 10;

    @Option(names = "--connections", description = "Connections of the closed loop.")
    private int connections = 16;

    @Option(names = "--batch", description = "Records a request adds.")
    private int batch = 1_000;

    @Option(names = "--query-batch", description = "Queries a Flight message asks, and a batched HTTP request.")
    private int queryBatch = 100;

    @Option(names = "--singles", description = "Queries of the runs that ask one by one.")
    private int singles = 2_000;

    @Option(names = "--open-loop-load", description = "Rate of the open loop, as a share of the closed loop's.")
    private double openLoopLoad = 0.7;

    @Option(names = "--out", description = "Folder for report.json and report.html.")
    private Path out = Path.of("quiver-bench");

    @Override
    public Integer call() throws IOException {
        System.err.println("reading " + data);
        DataSet set = DataSets.open(data).withQueries(queries);
        Report report = new Report("Quiver bench: " + set.name());
        report.fact(
                "data",
                "%s: %,d x %d, %s"
                        .formatted(
                                set.name(),
                                set.base().count(),
                                set.base().dimension(),
                                set.space().wireName()));
        if (http == null) {
            withOwnServer(set, report);
        } else {
            ServerUsage usage = pid == 0 ? ServerUsage.UNKNOWN : ServerUsage.of(pid);
            measure(set, report, doors(http, flight), usage, () -> Duration.ZERO);
        }
        System.out.print(report.table());
        report.write(out);
        System.err.println("wrote " + out.resolve("report.html"));
        return 0;
    }

    private void withOwnServer(DataSet set, Report report) throws IOException {
        Path directory = Files.createTempDirectory("quiver-bench");
        try (ServerProcess server = ServerProcess.start(
                ServerProcess.root(),
                directory.resolve("data"),
                directory.resolve("server.log"),
                "--set",
                "compaction.age-max=2 s")) {
            report.fact(
                    "ready after",
                    "%.2f s, empty directory".formatted(server.readyAfter().toMillis() / 1e3));
            report.fact(
                    "idle memory", "%.0f MiB resident".formatted(server.usage().residentMiB()));
            measure(
                    set,
                    report,
                    doors(server.http(), server.flight()),
                    server.usage(),
                    () -> Settling.await(server.http()));
            server.stop();
        } finally {
            Folders.delete(directory);
        }
    }

    /** Waits until a server has done what follows a load. */
    @FunctionalInterface
    private interface Settled {
        Duration await() throws IOException;
    }

    private void measure(DataSet set, Report report, List<Door> doors, ServerUsage usage, Settled settled)
            throws IOException {
        for (Door door : doors) {
            DoorBench bench = new DoorBench(door, set, usage, k, connections, batch, queryBatch, singles);
            bench.load().forEach(report::add);
            report.fact(
                    door.name() + " settled after",
                    "%.0f s".formatted(settled.await().toMillis() / 1e3));
            bench.search(openLoopLoad).forEach(report::add);
        }
        report.fact("memory after the runs", "%.0f MiB resident".formatted(usage.residentMiB()));
    }

    private static List<Door> doors(URI http, @Nullable URI flight) {
        List<Door> doors = new ArrayList<>();
        doors.add(new HttpDoor(http));
        if (flight != null) {
            doors.add(new FlightDoor(flight));
        }
        return doors;
    }
}

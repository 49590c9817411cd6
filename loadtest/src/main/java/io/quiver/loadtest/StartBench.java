package io.quiver.loadtest;

import io.quiver.loadtest.data.DataSet;
import io.quiver.loadtest.data.DataSets;
import io.quiver.loadtest.door.Door;
import io.quiver.loadtest.door.FlightDoor;
import io.quiver.loadtest.door.HttpDoor;
import io.quiver.loadtest.server.Metrics;
import io.quiver.loadtest.server.ServerProcess;
import io.quiver.loadtest.server.Settling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code quiver bench start}: how soon a server is ready and what it weighs, empty and full. */
@Command(
        name = "start",
        description = "Starts a server on an empty directory, fills it over Flight, and starts it again.",
        mixinStandardHelpOptions = true,
        showDefaultValues = true)
final class StartBench implements Callable<Integer> {
    private static final int SETTLE_MS = 12_000;
    private static final int RUNS = 2;
    private static final List<String> UNCOMPACTED = List.of(
            "--set", "compaction.age-max=1 h", "--set", "delta.rows-max=10000000", "--set", "delta.bytes-max=4 GiB");

    @Option(names = "--data", description = "What fills it.")
    private String data = "generated:n=1000000,d=128,queries=1";

    @Option(names = "--tail", description = "Records that are in the log alone when it is killed.")
    private int tail = 100_000;

    @Option(names = "--folder", description = "Where the data is put and stays; a temporary one if absent.")
    private @Nullable Path kept;

    @Override
    public Integer call() throws IOException {
        if (kept != null) {
            measure(Files.createDirectories(kept));
            return 0;
        }
        Path folder = Files.createTempDirectory("quiver-start");
        try {
            measure(folder);
            return 0;
        } finally {
            Folders.delete(folder);
        }
    }

    private void measure(Path folder) throws IOException {
        for (int run = 0; run < RUNS; run++) {
            start("empty", folder.resolve("empty" + run), folder, false);
        }
        fill(DataSets.open(data), folder);
        start("after the load, SIGTERM", folder.resolve("full"), folder, false);
        settle(folder);
        for (int run = 0; run < RUNS; run++) {
            start("full, settled", folder.resolve("full"), folder, run == RUNS - 1);
        }
        start("full, after kill -9", folder.resolve("full"), folder, false);
        leaveInTheLog(folder);
        start("full, and that after kill -9", folder.resolve("full"), folder, false);
    }

    /** Adds records in a collection of their own, which nothing compacts, and kills the server. */
    private void leaveInTheLog(Path folder) throws IOException {
        DataSet set = DataSets.open("generated:n=%d,d=128,queries=1,seed=9".formatted(tail));
        try (ServerProcess server = ServerProcess.start(
                ServerProcess.root(),
                folder.resolve("full"),
                folder.resolve("server.log"),
                UNCOMPACTED.toArray(String[]::new))) {
            load(new HttpDoor(server.http()), set, server);
            System.out.printf(
                    "%-28s %,.0f%n", "records in the log alone", Metrics.of(server.http(), "quiver_delta_rows"));
            server.kill();
        }
    }

    private static void settle(Path folder) throws IOException {
        try (ServerProcess server =
                ServerProcess.start(ServerProcess.root(), folder.resolve("full"), folder.resolve("server.log"))) {
            System.out.printf(
                    "%-28s %.0f s%n",
                    "settled after", Settling.await(server.http()).toMillis() / 1e3);
            server.stop();
        }
    }

    private void fill(DataSet set, Path folder) throws IOException {
        try (ServerProcess server =
                ServerProcess.start(ServerProcess.root(), folder.resolve("full"), folder.resolve("server.log"))) {
            load(new FlightDoor(server.flight()), set, server);
            server.stop();
        }
    }

    private static void load(Door door, DataSet set, ServerProcess server) throws IOException {
        DoorBench bench = new DoorBench(door, set, server.usage(), 1, 1, 1_000, 1, 1);
        bench.load().forEach(m -> System.out.printf("%-28s %,.0f records/s%n", m.name(), m.perSecond()));
    }

    private static void start(String what, Path data, Path folder, boolean isKilled) throws IOException {
        try (ServerProcess server = ServerProcess.start(ServerProcess.root(), data, folder.resolve("server.log"))) {
            Thread.sleep(SETTLE_MS); // memory at rest is what is left when nothing has been asked for a while
            System.out.printf(
                    "%-28s ready after %.2f s, %.0f MiB resident when idle%n",
                    what, server.readyAfter().toMillis() / 1e3, server.usage().residentMiB());
            if (isKilled) {
                server.kill();
            } else {
                server.stop();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}

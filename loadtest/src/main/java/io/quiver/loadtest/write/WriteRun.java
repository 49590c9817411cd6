package io.quiver.loadtest.write;

import io.quiver.loadtest.door.HttpDoor;
import io.quiver.loadtest.report.Report;
import io.quiver.loadtest.run.Measurement;
import io.quiver.loadtest.server.Metrics;
import io.quiver.loadtest.server.ServerProcess;
import io.quiver.loadtest.swarm.Swarm;
import io.quiver.log.catalog.Space;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Adds single records over so many connections, each of which waits for the answer, and counts the forces that took;
 * beside it what the disk does when each write is forced alone.
 */
public record WriteRun(int connections, int dimension, Duration duration) {
    private static final String FORCES = "quiver_log_fsync_seconds_count";

    /** Measures in a folder, which the caller deletes. */
    public void run(Path folder, Report report) throws IOException {
        Measurement alone = new ForcedFile(folder.resolve("forced"), dimension * Float.BYTES).run(duration);
        report.add(alone);
        try (ServerProcess server =
                ServerProcess.start(ServerProcess.root(), folder.resolve("data"), folder.resolve("server.log"))) {
            HttpDoor door = new HttpDoor(server.http());
            door.create("writes", Space.L2, dimension);
            SingleWrites writes = new SingleWrites(server.http(), door.path(), dimension);
            swarm("warm-up", server).closedLoop(writes, server.usage());
            double before = Metrics.of(server.http(), FORCES);
            Measurement grouped = swarm("acknowledged writes", server).closedLoop(writes, server.usage());
            double forces = Metrics.of(server.http(), FORCES) - before;
            report.add(grouped);
            report.fact("writes a force", "%.1f".formatted(grouped.operations() / forces));
            report.fact("against one force for each", "%.2f".formatted(grouped.perSecond() / alone.perSecond()));
            report.fact("writes refused", String.valueOf(grouped.errors()));
            server.stop();
        }
    }

    private Swarm swarm(String name, ServerProcess server) {
        return new Swarm(name, server.http(), connections, duration);
    }
}

package io.quiver.loadtest.kill;

import io.quiver.loadtest.door.HttpDoor;
import io.quiver.loadtest.door.RefusedException;
import io.quiver.loadtest.server.ServerProcess;
import io.quiver.log.catalog.Space;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * Starts a server, lets writers write, kills it at a random moment, starts it again, compares; as often as asked.
 *
 * @param serverOptions further options of {@code quiver serve}, for small deltas and so many compactions
 */
public record KillRun(Path root, Path directory, int kills, int writers, long seed, List<String> serverOptions) {
    private static final String COLLECTION = "killed";
    private static final int WRITE_MS_MIN = 20;
    private static final int WRITE_MS_MAX = 900;

    /** What was found: broken promises, and the sum of what was acknowledged. */
    public record Outcome(List<String> problems, long acknowledged, int starts) {}

    public Outcome run(IntConsumer progress) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        List<Writer> crew = IntStream.range(0, writers)
                .mapToObj(number -> new Writer(number, random.split()))
                .toList();
        List<String> problems = new ArrayList<>();
        String path = null;
        for (int kill = 0; kill <= kills; kill++) {
            try (ServerProcess server = start()) {
                path = path == null ? create(server) : path;
                problems.addAll(Verifier.verify(server.http(), path, crew));
                if (kill < kills) {
                    writeAndKill(server, path, crew, random);
                    progress.accept(1);
                }
            }
        }
        return new Outcome(
                problems, crew.stream().mapToLong(Writer::acknowledged).sum(), kills + 1);
    }

    private ServerProcess start() throws IOException {
        return ServerProcess.start(
                root, directory.resolve("data"), directory.resolve("server.log"), serverOptions.toArray(String[]::new));
    }

    private static String create(ServerProcess server) throws IOException {
        HttpDoor door = new HttpDoor(server.http());
        door.create(COLLECTION, Space.L2, 4);
        return door.path();
    }

    private static void writeAndKill(ServerProcess server, String path, List<Writer> crew, SplittableRandom random)
            throws IOException {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Void>> writing = new ArrayList<>();
            for (Writer writer : crew) {
                Callable<Void> task = () -> {
                    writer.writeUntilKilled(server.http(), path);
                    return null;
                };
                writing.add(threads.submit(task));
            }
            Thread.sleep(random.nextInt(WRITE_MS_MIN, WRITE_MS_MAX));
            server.kill();
            for (Future<Void> writer : writing) {
                writer.get();
            }
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RefusedException refused ? refused : new IOException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}

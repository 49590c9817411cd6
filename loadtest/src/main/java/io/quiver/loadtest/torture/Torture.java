package io.quiver.loadtest.torture;

import io.quiver.loadtest.door.HttpDoor;
import io.quiver.loadtest.door.RefusedException;
import io.quiver.loadtest.server.ServerProcess;
import io.quiver.log.catalog.Space;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Starts a server, lets writers write, ends it at a random moment, starts it again, compares; as often as asked. It
 * ends by {@code kill -9}, or by a {@link PowerCut}, in random order. The first broken promise ends the run, and leaves
 * everything as it is.
 *
 * @param kills by {@code kill -9}
 * @param cuts power cuts beside them
 * @param serverOptions further options of {@code quiver serve}, for small deltas and so many compactions
 */
public record Torture(
        Path root, Path directory, int kills, int cuts, int writers, long seed, List<String> serverOptions) {
    private static final String COLLECTION = "tortured";
    private static final int WRITE_MS_MIN = 20;
    private static final int WRITE_MS_MAX = 900;

    /**
     * What was found, up to now or in all.
     *
     * @param problems broken promises: what was lost, is wrong, came back or is there in part; a start or an answer
     *     that failed
     * @param undone changes that power cuts took back
     */
    public record Outcome(int kills, int cuts, int starts, long acknowledged, long undone, List<String> problems) {
        public Outcome {
            problems = List.copyOf(problems);
        }
    }

    /** Blocks until the end, or until a promise is broken. {@code progress} is told after each end of a server. */
    public Outcome run(Consumer<Outcome> progress) throws IOException {
        return new Run(progress).run();
    }

    private final class Run {
        private final Consumer<Outcome> progress;
        private final SplittableRandom random = new SplittableRandom(seed);
        private final List<Writer> crew = IntStream.range(0, writers)
                .mapToObj(number -> new Writer(number, random.split()))
                .toList();
        private final List<String> problems = new ArrayList<>();
        private final Path data =
                Files.createDirectories(directory.resolve("data")).toRealPath();
        private final @Nullable PowerCut powerCut = cuts == 0
                ? null
                : PowerCut.prepare(
                        data,
                        Files.createDirectories(directory.resolve("power")).toRealPath());
        private @Nullable String path;
        private int killsDone;
        private int cutsDone;
        private int starts;
        private long undone;

        Run(Consumer<Outcome> progress) throws IOException {
            this.progress = progress;
        }

        Outcome run() throws IOException {
            try {
                while (problems.isEmpty() && killsDone + cutsDone < kills + cuts) {
                    boolean isCut = random.nextInt(kills + cuts - killsDone - cutsDone) < cuts - cutsDone;
                    round(isCut ? powerCut : null);
                    progress.accept(outcome());
                }
                verifyOnce();
            } catch (RefusedException refused) {
                problems.add("the server refused: " + refused.getMessage());
            }
            return outcome();
        }

        private Outcome outcome() {
            long acknowledged = crew.stream().mapToLong(Writer::acknowledged).sum();
            return new Outcome(killsDone, cutsDone, starts, acknowledged, undone, problems);
        }

        private void round(@Nullable PowerCut cut) throws IOException {
            try (ServerProcess server = start(cut == null ? Map.of() : cut.environment())) {
                String collection = verify(server);
                writeAndKill(server, collection);
            }
            if (cut == null) {
                killsDone++;
            } else {
                undone += cut.happen(random.nextLong());
                cutsDone++;
            }
        }

        private void verifyOnce() throws IOException {
            if (problems.isEmpty()) {
                try (ServerProcess server = start(Map.of())) {
                    verify(server);
                }
            }
        }

        private ServerProcess start(Map<String, String> environment) throws IOException {
            starts++;
            return ServerProcess.start(root, data, directory.resolve("server.log"), environment, serverOptions);
        }

        private String verify(ServerProcess server) throws IOException {
            String collection = path == null ? create(server) : path;
            path = collection;
            problems.addAll(Verifier.verify(server.http(), collection, crew));
            return collection;
        }

        private static String create(ServerProcess server) throws IOException {
            HttpDoor door = new HttpDoor(server.http());
            door.create(COLLECTION, Space.L2, 4);
            return door.path();
        }

        private void writeAndKill(ServerProcess server, String collection) throws IOException {
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                List<Future<Void>> writing = new ArrayList<>();
                for (Writer writer : crew) {
                    Callable<Void> task = () -> {
                        writer.writeUntilKilled(server.http(), collection);
                        return null;
                    };
                    writing.add(threads.submit(task));
                }
                Thread.sleep(
                        random.nextInt(WRITE_MS_MIN, WRITE_MS_MAX)); // a life of any length, whatever goes on in it
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
}

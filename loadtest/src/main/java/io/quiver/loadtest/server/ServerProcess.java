package io.quiver.loadtest.server;

import io.quiver.loadtest.run.ServerUsage;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * {@code quiver serve} on free ports, as a process of its own. Belongs to one thread; whoever starts it closes it, and
 * it does not outlive this process.
 *
 * @param readyAfter from the start of the process to its ready line
 */
public record ServerProcess(Process process, URI http, URI flight, Duration readyAfter) implements AutoCloseable {
    private static final Pattern READY = Pattern.compile(".*is ready: (http://\\S+) (grpc://\\S+).*");
    private static final long PATIENCE_SECONDS = 120;

    /** Starts the launcher in {@code root} on {@code dataDirectory} and waits for its ready line. */
    public static ServerProcess start(Path root, Path dataDirectory, Path logFile, String... options)
            throws IOException {
        return start(root, dataDirectory, logFile, Map.of(), List.of(options));
    }

    /** As {@link #start(Path, Path, Path, String...)}, with more in the process's environment. */
    public static ServerProcess start(
            Path root, Path dataDirectory, Path logFile, Map<String, String> environment, List<String> options)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(
                root.resolve("quiver").toString(),
                "serve",
                "--data-dir",
                dataDirectory.toString(),
                "--http-port",
                "0",
                "--flight-port",
                "0"));
        command.addAll(options);
        long begin = System.nanoTime();
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.appendTo(logFile.toFile()));
        builder.environment().putAll(environment);
        Process process = builder.start();
        Orphans.watch(process.toHandle());
        try {
            Matcher ready = awaitReady(process, logFile);
            Duration readyAfter = Duration.ofNanos(System.nanoTime() - begin);
            return new ServerProcess(process, URI.create(ready.group(1)), URI.create(ready.group(2)), readyAfter);
        } catch (IOException | RuntimeException e) {
            process.destroyForcibly();
            throw e;
        }
    }

    /** The root of this installation, where the launcher lies. */
    public static Path root() {
        String root = System.getProperty("quiver.root");
        if (root == null) {
            throw new IllegalStateException("the launcher sets -Dquiver.root");
        }
        return Path.of(root);
    }

    public ServerUsage usage() {
        return ServerUsage.of(process.pid());
    }

    /** Ends it as a power cut of the process would: nothing in it gets a chance to tidy up. */
    public void kill() {
        process.destroyForcibly();
        awaitExit();
    }

    /** Asks it to end, and waits; returns its exit code. */
    public int stop() {
        process.destroy();
        return awaitExit();
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            kill();
        }
    }

    private int awaitExit() {
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException("the server does not end");
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the server ends", e);
        }
    }

    private static Matcher awaitReady(Process process, Path logFile) throws IOException {
        BufferedReader out = process.inputReader();
        for (@Nullable String line = out.readLine(); line != null; line = out.readLine()) {
            Matcher ready = READY.matcher(line);
            if (ready.matches()) {
                return ready;
            }
        }
        throw new IOException("the server did not become ready; its log is " + logFile);
    }
}

package io.quiver.gateway.server;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code quiver serve} as a process of its own, on free ports, for the tests of other packages too. */
@SuppressWarnings("try") // closing may be interrupted
public final class ServedProcess implements AutoCloseable {
    private static final Pattern READY = Pattern.compile(
            "Quiver \\d+\\.\\d+\\.\\d+ is ready: (http://127\\.0\\.0\\.1:\\d+) (grpc://127\\.0\\.0\\.1:\\d+) data .* \\(\\d+\\.\\d\\d s\\)");

    private final Process process;
    private final Path log;
    private final URI http;
    private final URI flight;

    /**
     * Returns when it is ready. Its data are in {@code data} in the directory, what it says on standard error in {@code
     * log}.
     *
     * @param settings beside directory and ports, as {@code name=value}
     */
    public ServedProcess(Path directory, String... settings) throws IOException {
        this(directory, Map.of(), settings);
    }

    /** @param environment beside that of the test */
    ServedProcess(Path directory, Map<String, String> environment, String... settings) throws IOException {
        this.log = directory.resolve("log");
        ProcessBuilder builder =
                new ProcessBuilder(command(directory.resolve("data"), settings)).redirectError(log.toFile());
        builder.environment().putAll(environment);
        this.process = builder.start();
        String line = String.valueOf(process.inputReader().readLine());
        Matcher ready = READY.matcher(line);
        assertTrue(ready.matches(), () -> line + said());
        this.http = URI.create(ready.group(1));
        this.flight = URI.create(ready.group(2));
    }

    private static List<String> command(Path data, String... settings) {
        Path root = Path.of(System.getProperty("quiver.root"));
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + root.resolve("deploy/jvm.options"),
                "@" + root.resolve("deploy/server.options"),
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                Main.class.getName(),
                "serve"));
        command.addAll(List.of("--data-dir", data.toString(), "--http-port", "0", "--flight-port", "0"));
        for (String setting : settings) {
            command.addAll(List.of("--set", setting));
        }
        return command;
    }

    public Process process() {
        return process;
    }

    public URI http() {
        return http;
    }

    public URI flight() {
        return flight;
    }

    /** What it has written to standard error. */
    public List<String> lines() {
        return said().lines()
                .filter(line -> !line.startsWith("WARNING: Using incubator modules"))
                .toList();
    }

    private String said() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Kills it, where it has not ended by itself. */
    @Override
    public void close() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }
}

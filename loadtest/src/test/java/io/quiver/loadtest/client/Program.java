package io.quiver.loadtest.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** Runs a program of another language to its end. */
final class Program {
    private Program() {}

    /** @param printed to its output and as errors */
    record Ended(int exitCode, String printed) {}

    /** Runs it and returns what it printed; fails with that where its exit code is not 0. */
    static String run(Path folder, String... command) throws IOException, InterruptedException {
        Ended ended = end(folder, command);
        assertEquals(0, ended.exitCode(), () -> String.join(" ", command) + "\n" + ended.printed());
        return ended.printed();
    }

    /** Runs it, however it ends. */
    static Ended end(Path folder, String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(List.of(command))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ended(process.waitFor(), printed);
    }
}

package io.quiver.loadtest.pgvector;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Runs programs to their end. Safe on every thread. */
final class Commands {
    private Commands() {}

    /** Writes what a program reads. */
    @FunctionalInterface
    interface Input {
        Input NONE = _ -> {};

        void writeTo(Writer writer) throws IOException;
    }

    /** What the program printed, either way; one that fails is an error. */
    static String run(Map<String, String> environment, Input input, List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        CompletableFuture<String> printed = CompletableFuture.supplyAsync(() -> printed(process));
        try (OutputStream in = process.getOutputStream();
                Writer writer = new java.io.BufferedWriter(
                        new java.io.OutputStreamWriter(in, StandardCharsets.UTF_8), 1 << 20)) {
            input.writeTo(writer);
        }
        int exitCode = process.onExit().join().exitValue();
        if (exitCode != 0) {
            throw new IOException(String.join(" ", command) + " ended with " + exitCode + ": " + printed.join());
        }
        return printed.join();
    }

    private static String printed(Process process) {
        try {
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

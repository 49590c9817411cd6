package io.quiver.loadtest.peer;

import io.quiver.loadtest.run.ServerUsage;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/**
 * The empty server as a process of its own, with the options of the virtual machine that {@code quiver serve} has.
 * Belongs to one thread; whoever starts it closes it.
 */
public record EmptyPeer(Process process, URI http) implements AutoCloseable {
    private static final String READY = "ready: ";

    /** Starts it with the options of the installation at {@code root}; returns when it listens. */
    public static EmptyPeer start(Path root, int eventLoops) throws IOException {
        Path deploy = root.resolve("deploy");
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "@" + deploy.resolve("jvm.options"),
                        "@" + deploy.resolve("server.options"),
                        "-cp",
                        System.getProperty("java.class.path"),
                        EmptyServer.class.getName(),
                        Integer.toString(eventLoops)))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            return new EmptyPeer(process, URI.create("http://127.0.0.1:" + port(process.inputReader())));
        } catch (IOException | RuntimeException e) {
            process.destroyForcibly();
            throw e;
        }
    }

    private static int port(BufferedReader out) throws IOException {
        String line = out.readLine();
        if (line == null || !line.startsWith(READY)) {
            throw new IOException("the empty server did not start: " + line);
        }
        return Integer.parseInt(line.substring(READY.length()));
    }

    public ServerUsage usage() {
        return ServerUsage.of(process.pid());
    }

    @Override
    public void close() {
        process.destroy();
    }
}

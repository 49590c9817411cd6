package io.quiver.loadtest.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.loadtest.server.ServerProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Flight door from Python, with pyarrow alone. */
class PyarrowTourTest {
    @TempDir
    Path directory;

    @Test
    void listsLoadsSearchesAndScans() throws IOException, InterruptedException {
        PythonEnvironment python = PythonEnvironment.of("python");
        try (ServerProcess server =
                ServerProcess.start(ServerProcess.root(), directory.resolve("data"), directory.resolve("server.log"))) {
            String printed = python.run("tour.py", server.flight().toString());
            assertTrue(printed.contains("the tour ends well"), printed);
        }
    }

    @Test
    void aLoadGoesOnAfterTheServerWasKilled() throws IOException, InterruptedException {
        PythonEnvironment python = PythonEnvironment.of("python");
        Path data = directory.resolve("data");
        Path log = directory.resolve("server.log");
        String progress = directory.resolve("progress").toString();
        try (ServerProcess first = ServerProcess.start(ServerProcess.root(), data, log)) {
            Process loader = python.start("resume.py", "load", first.flight().toString(), progress);
            BufferedReader printed = loader.inputReader();
            assertEquals("half of it is there", printed.readLine());
            first.kill();
            loader.outputWriter().append('\n').close();
            assertEquals("the connection broke", printed.readLine());
            assertEquals(0, loader.waitFor());
        }
        try (ServerProcess second = ServerProcess.start(ServerProcess.root(), data, log)) {
            String printed = python.run("resume.py", "resume", second.flight().toString(), progress);
            assertTrue(printed.contains("everything is there once"), printed);
        }
    }
}

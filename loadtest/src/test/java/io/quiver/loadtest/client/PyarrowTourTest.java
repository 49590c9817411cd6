package io.quiver.loadtest.client;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.loadtest.server.ServerProcess;
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
}

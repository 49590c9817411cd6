package io.quiver.loadtest.client;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.loadtest.server.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Flight door from Python, with pyarrow alone; pip installs it into a virtual environment below {@code target}. */
class PyarrowTourTest {
    @TempDir
    Path directory;

    @Test
    void listsLoadsSearchesAndScans() throws IOException, InterruptedException {
        Path sources = ServerProcess.root().resolve("loadtest/src/test/clients/python");
        Path environment = ServerProcess.root().resolve("loadtest/target/clients/python");
        if (!Files.exists(environment.resolve("bin/pip"))) {
            Files.createDirectories(environment.getParent());
            Program.run(sources, "python3", "-m", "venv", environment.toString());
        }
        Program.run(sources, environment.resolve("bin/pip").toString(), "install", "-q", "-r", "requirements.txt");
        try (ServerProcess server =
                ServerProcess.start(ServerProcess.root(), directory.resolve("data"), directory.resolve("server.log"))) {
            String printed = Program.run(
                    sources,
                    environment.resolve("bin/python").toString(),
                    "tour.py",
                    server.flight().toString());
            assertTrue(printed.contains("the tour ends well"), printed);
        }
    }
}

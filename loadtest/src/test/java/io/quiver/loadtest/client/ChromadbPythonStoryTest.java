package io.quiver.loadtest.client;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.loadtest.server.ServerProcess;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Python client {@code chromadb} and, upon it, LangChain's Chroma store, both unmodified. */
class ChromadbPythonStoryTest {
    @TempDir
    Path directory;

    @Test
    void createsAddsQueriesFiltersUpdatesPagesAndDeletes() throws IOException, InterruptedException {
        PythonEnvironment python = PythonEnvironment.of("chromadb");
        try (ServerProcess server =
                ServerProcess.start(ServerProcess.root(), directory.resolve("data"), directory.resolve("server.log"))) {
            String printed = python.run(
                    "story.py",
                    server.http().getHost(),
                    Integer.toString(server.http().getPort()));
            assertTrue(printed.contains("the story ends well"), printed);
        }
    }
}

package io.quiver.loadtest.client;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.loadtest.server.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The npm client {@code chromadb}, unmodified; npm installs it below {@code target}. */
class ChromadbNpmStoryTest {
    @TempDir
    Path directory;

    @Test
    void createsAddsQueriesFiltersUpdatesAndDeletes() throws IOException, InterruptedException {
        Path sources = ServerProcess.root().resolve("loadtest/src/test/clients/npm");
        Path folder = ServerProcess.root().resolve("loadtest/target/clients/npm");
        Files.createDirectories(folder);
        for (String file : new String[] {"package.json", "story.mjs"}) {
            Files.copy(sources.resolve(file), folder.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
        Program.run(folder, "npm", "install", "--no-audit", "--no-fund", "--no-package-lock", "--loglevel=error");
        try (ServerProcess server =
                ServerProcess.start(ServerProcess.root(), directory.resolve("data"), directory.resolve("server.log"))) {
            String port = Integer.toString(server.http().getPort());
            String printed =
                    Program.run(folder, "node", "story.mjs", server.http().getHost(), port);
            assertTrue(printed.contains("the story ends well"), printed);
        }
    }
}

package io.quiver.loadtest.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quiver.loadtest.server.ServerProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BulkExampleTest {
    @TempDir
    Path directory;

    @Test
    void findsEachRecordNearestToItself() throws IOException {
        try (ServerProcess server =
                ServerProcess.start(ServerProcess.root(), directory.resolve("data"), directory.resolve("server.log"))) {
            assertEquals(IntStream.range(0, 10).mapToObj(row -> "r" + row).toList(), BulkExample.run(server.flight()));
        }
    }
}

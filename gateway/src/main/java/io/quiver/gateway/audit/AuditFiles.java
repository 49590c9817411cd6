package io.quiver.gateway.audit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The files of a log, in order: each is named for the number of its first line. */
final class AuditFiles {
    private AuditFiles() {}

    static List<Path> in(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().matches("audit-\\d{16}\\.jsonl"))
                    .sorted()
                    .toList();
        }
    }

    static Path beginningWith(Path directory, long sequence) {
        return directory.resolve("audit-%016d.jsonl".formatted(sequence));
    }
}

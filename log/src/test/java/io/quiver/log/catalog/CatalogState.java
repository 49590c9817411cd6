package io.quiver.log.catalog;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The files of a catalog at one moment, by name. */
record CatalogState(Map<String, byte[]> files) {
    static final List<String> FILES = List.of(CatalogFiles.NAME, CatalogFiles.COPY);

    /** Without what SQLite shares among its connections: it is made anew by the first. */
    static CatalogState of(Path running) {
        Map<String, byte[]> files = new HashMap<>();
        try (Stream<Path> names = Files.list(running)) {
            for (Path file : names.filter(Files::isRegularFile).toList()) {
                if (!file.toString().endsWith("-shm")) {
                    files.put(file.getFileName().toString(), Files.readAllBytes(file));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new CatalogState(files);
    }

    CatalogState with(String file, byte[] bytes) {
        Map<String, byte[]> changed = new HashMap<>(files);
        changed.put(file, bytes);
        return new CatalogState(changed);
    }

    CatalogState without(String file) {
        Map<String, byte[]> changed = new HashMap<>(files);
        changed.remove(file);
        return new CatalogState(changed);
    }

    byte[] bytes(String file) {
        return files.getOrDefault(file, new byte[0]);
    }

    /** Leaves these files in a directory, and nothing else. */
    void putInto(Path directory) throws IOException {
        Files.createDirectories(directory);
        try (Stream<Path> names = Files.list(directory)) {
            for (Path file : names.toList()) {
                Files.delete(file);
            }
        }
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            Files.write(directory.resolve(file.getKey()), file.getValue());
        }
    }
}

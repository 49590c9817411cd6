package io.quiver.log.catalog;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** One of the two files of an open catalog, made so that no change can be written to it. */
public enum BrokenFile {
    FIRST(CatalogFiles.NAME),
    /** Nor can it be deleted. */
    SECOND(CatalogFiles.COPY);

    private final String name;

    BrokenFile(String name) {
        this.name = name;
    }

    public void makeIn(Path directory) throws IOException, SQLException {
        Path file = directory.resolve(name);
        try (Connection other = CatalogFile.open(file);
                Statement statement = other.createStatement()) {
            statement.execute("ALTER TABLE changes RENAME TO elsewhere");
        }
        if (this == SECOND) {
            Files.delete(file);
            Files.createDirectories(file.resolve("in the way"));
        }
    }

    /** Lets the catalog heal. */
    public void mendIn(Path directory) throws IOException {
        Path file = directory.resolve(name);
        if (this == SECOND) {
            Files.delete(file.resolve("in the way"));
            Files.delete(file);
        }
    }
}

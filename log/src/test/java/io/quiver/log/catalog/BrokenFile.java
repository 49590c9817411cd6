package io.quiver.log.catalog;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** What of the two files of an open catalog is made so that no change can be written to it. */
public enum BrokenFile {
    FIRST(CatalogFiles.NAME),
    /** Nor can it be deleted. */
    SECOND(CatalogFiles.COPY),
    BOTH(CatalogFiles.NAME, CatalogFiles.COPY);

    @SuppressWarnings("ImmutableEnumChecker") // List.of() never changes
    private final List<String> names;

    BrokenFile(String... names) {
        this.names = List.of(names);
    }

    public void makeIn(Path directory) throws IOException, SQLException {
        for (String name : names) {
            breakFile(directory.resolve(name));
        }
    }

    private void breakFile(Path file) throws IOException, SQLException {
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
        if (this == SECOND) {
            Path file = directory.resolve(CatalogFiles.COPY);
            Files.delete(file.resolve("in the way"));
            Files.delete(file);
        }
    }
}

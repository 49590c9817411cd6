package io.quiver.compactor;

import io.quiver.log.catalog.Database;
import io.quiver.log.catalog.NewCollection;
import io.quiver.log.catalog.Space;
import io.quiver.log.catalog.SqliteCatalog;
import io.quiver.log.catalog.Tenant;
import io.quiver.log.record.CollectionId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * The files of a catalog with one collection, to be copied: making one anew takes longer than all that a short story
 * does.
 */
record CatalogTemplate(Path directory, CollectionId collection) {
    static CatalogTemplate in(Path directory, String collection) throws IOException {
        Files.createDirectory(directory);
        try (SqliteCatalog catalog = SqliteCatalog.open(directory)) {
            NewCollection fresh = NewCollection.of(Tenant.DEFAULT, Database.DEFAULT, collection, Space.L2);
            return new CatalogTemplate(
                    directory,
                    Objects.requireNonNull(
                                    catalog.createCollection(fresh, false).block())
                            .id());
        }
    }

    /** Copies into a directory, which is made; returns that. */
    Path copyTo(Path target) throws IOException {
        Files.createDirectory(target);
        for (String file : List.of("catalog.db", "catalog-copy.db")) {
            Files.copy(directory.resolve(file), target.resolve(file));
        }
        return target;
    }
}

package io.quiver.log.catalog;

import static io.quiver.log.catalog.Answers.get;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A catalog of the test's own, in a directory of its own. */
abstract class CatalogFixture {
    static final String T = Tenant.DEFAULT;
    static final String D = Database.DEFAULT;

    @TempDir
    Path directory;

    SqliteCatalog catalog;

    @BeforeEach
    void open() throws IOException {
        catalog = SqliteCatalog.open(directory);
    }

    @AfterEach
    void close() {
        catalog.close();
    }

    Collection create(String name) {
        return get(catalog.createCollection(NewCollection.of(T, D, name, Space.L2), false));
    }

    List<String> collectionNames(int limit, int offset) {
        return get(catalog.collections(T, D, limit, offset)).stream()
                .map(Collection::name)
                .toList();
    }
}

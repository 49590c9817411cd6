package io.quiver.compactor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.executor.Eventually;
import io.quiver.executor.ExecutorFixture;
import io.quiver.log.catalog.BrokenFile;
import io.quiver.log.catalog.Collection;
import io.quiver.log.catalog.Manifest;
import io.quiver.log.record.CollectionId;
import io.quiver.log.record.DoubtfulException;
import io.quiver.log.record.QuiverException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Publications and forks while one of the catalog's files cannot be written, or neither: whatever the catalog goes on
 * with, collections keep their records, fold on once it has healed, and are all there after a restart.
 */
class DoubtfulChangesTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource
    void foldsGoOnAfterAPublicationInDoubt(BrokenFile broken) throws Exception {
        CollectionId id;
        List<String> ids;
        try (CompactorFixture system = open()) {
            id = system.quiver.create("root");
            write(system, id, 0);
            system.compact(id);
            broken.makeIn(directory);
            write(system, id, 50);
            try {
                system.compact(id);
            } catch (QuiverException doubtful) {
                // Where the first file is among them, the old manifest is the one that counts.
            }
            assertEquals(100, system.quiver.count(id));
            broken.mendIn(directory);
            awaitHealed(system);
            write(system, id, 100);
            system.compact(id);
            Manifest manifest = manifest(system, id);
            assertEquals(
                    150,
                    manifest.segments().stream()
                            .mapToInt(Manifest.Segment::rowCount)
                            .sum());
            ids = system.quiver.ids(id);
            assertEquals(150, ids.size());
        }
        try (CompactorFixture system = open()) {
            assertEquals(ids, system.quiver.ids(id));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aForkInDoubtIsWholeWhereItIsThere(BrokenFile broken) throws Exception {
        try (CompactorFixture system = open()) {
            CollectionId root = system.quiver.create("root");
            write(system, root, 0);
            system.compact(root);
            broken.makeIn(directory);
            assertThrows(
                    DoubtfulException.class,
                    () -> system.quiver.executor.fork(root, "fork").block());
            List<Collection> there = collections(system);
            assertEquals(broken == BrokenFile.SECOND ? 2 : 1, there.size());
            for (Collection each : there) {
                assertEquals(50, system.quiver.count(each.id()));
            }
            broken.mendIn(directory);
            awaitHealed(system);
        }
        try (CompactorFixture system = open()) {
            List<Collection> there = collections(system);
            assertTrue(there.size() > 1);
            for (Collection each : there) {
                assertEquals(each.name().equals("healed") ? 0 : 50, system.quiver.count(each.id()));
            }
        }
    }

    private CompactorFixture open() throws Exception {
        return CompactorFixture.open(directory, ExecutorFixture.smallDeltas(1_000));
    }

    private static void write(CompactorFixture system, CollectionId id, int from) {
        for (int i = from; i < from + 50; i++) {
            // The dimension and the schema are known after the first: no change of the catalog.
            system.quiver.write(id, ExecutorFixture.upsert("r" + i, i % 7, i % 11));
        }
    }

    private static void awaitHealed(CompactorFixture system) {
        Eventually.await(
                () -> {
                    try {
                        system.quiver.create("healed");
                        return true;
                    } catch (QuiverException _) {
                        return false;
                    }
                },
                () -> "the catalog does not heal");
    }

    private static Manifest manifest(CompactorFixture system, CollectionId id) {
        return Objects.requireNonNull(system.quiver.catalog.manifest(id).block());
    }

    private static List<Collection> collections(CompactorFixture system) {
        return Objects.requireNonNull(system.quiver.catalog.allCollections().block());
    }
}

package io.quiver.log.catalog;

import io.quiver.log.record.CollectionId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a look at a catalog's file found.
 *
 * @param problems one line each, for the operator; none means that the file is whole
 * @param collections all, where they could be read
 * @param manifests of these collections, for whoever goes on to look at the segments
 */
public record CatalogCheck(List<String> problems, List<Collection> collections, Map<CollectionId, Manifest> manifests) {
    public CatalogCheck {
        problems = List.copyOf(problems);
        collections = List.copyOf(collections);
        manifests = Map.copyOf(manifests);
    }

    static CatalogCheck of(Path directory) {
        Path file = directory.resolve(CatalogFile.NAME);
        if (!Files.isRegularFile(file)) {
            return failed("there is no catalog " + file);
        }
        try (Connection connection = CatalogFile.openReadOnly(file)) {
            return of(connection);
        } catch (SQLException | RuntimeException e) {
            return failed("the catalog %s cannot be read: %s".formatted(file, e.getMessage()));
        }
    }

    private static CatalogCheck of(Connection connection) throws SQLException {
        int version = CatalogFile.version(connection);
        if (version < 1 || version > CatalogFile.VERSION) {
            return failed("the catalog has version %d, not one of 1 to %d".formatted(version, CatalogFile.VERSION));
        }
        List<String> problems = new ArrayList<>();
        checkPages(connection, problems);
        checkReferences(connection, problems);
        if (!problems.isEmpty()) {
            return new CatalogCheck(problems, List.of(), Map.of());
        }
        return of(new CatalogTables(connection).load(version));
    }

    private static CatalogCheck of(CatalogImage image) {
        List<Collection> collections = image.allCollections();
        Map<CollectionId, Manifest> manifests = new LinkedHashMap<>();
        for (Collection collection : collections) {
            manifests.put(collection.id(), image.collection(collection.id()).manifest);
        }
        List<String> problems = new ArrayList<>();
        checkSegments(manifests, problems);
        return new CatalogCheck(problems, collections, manifests);
    }

    private static CatalogCheck failed(String problem) {
        return new CatalogCheck(List.of(problem), List.of(), Map.of());
    }

    private static void checkPages(Connection connection, List<String> problems) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("PRAGMA integrity_check")) {
            while (rows.next()) {
                if (!rows.getString(1).equals("ok")) {
                    problems.add("the catalog's file is damaged: " + rows.getString(1));
                }
            }
        }
    }

    private static void checkReferences(Connection connection, List<String> problems) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("PRAGMA foreign_key_check")) {
            while (rows.next()) {
                problems.add("row %d of %s belongs to a row of %s that is not there"
                        .formatted(rows.getLong("rowid"), rows.getString("table"), rows.getString("parent")));
            }
        }
    }

    private static void checkSegments(Map<CollectionId, Manifest> manifests, List<String> problems) {
        manifests.forEach((id, manifest) -> {
            if (manifest.version() == 0 && !manifest.equals(Manifest.EMPTY)) {
                problems.add("collection %s has a manifest, but nothing was ever published".formatted(id));
            }
            Set<String> names = new HashSet<>();
            for (Manifest.Segment segment : manifest.segments()) {
                if (!names.add(segment.name())) {
                    problems.add("segment %s is twice in the manifest of collection %s".formatted(segment.name(), id));
                }
            }
        });
    }
}

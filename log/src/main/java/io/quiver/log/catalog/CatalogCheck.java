package io.quiver.log.catalog;

import io.quiver.log.record.CollectionId;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a look at a catalog's files found.
 *
 * @param problems one line each, for the operator; none means that both files are whole
 * @param collections all, where one of the files is whole
 * @param manifests of these collections, for whoever goes on to look at the segments
 */
public record CatalogCheck(List<String> problems, List<Collection> collections, Map<CollectionId, Manifest> manifests) {
    public CatalogCheck {
        problems = List.copyOf(problems);
        collections = List.copyOf(collections);
        manifests = Map.copyOf(manifests);
    }

    static CatalogCheck of(Path directory) {
        Path first = directory.resolve(CatalogFiles.NAME);
        Path second = directory.resolve(CatalogFiles.COPY);
        try {
            FileState one = FileState.of(first);
            FileState other = FileState.of(second);
            List<String> problems = new ArrayList<>();
            addProblems(first, one, problems);
            if (!(other instanceof FileState.Missing)) {
                addProblems(second, other, problems);
            }
            return with(problems, readable(first, one, second, other, problems));
        } catch (IOException e) {
            return failed(String.valueOf(e.getMessage()));
        }
    }

    private static void addProblems(Path file, FileState state, List<String> problems) {
        switch (state) {
            case FileState.Missing() -> problems.add("there is no catalog " + file);
            case FileState.Damaged(var found) -> problems.addAll(found);
            case FileState.Older(int version) -> addUnknownVersion(version, problems);
            case FileState.Newer(int version, long _) -> addUnknownVersion(version, problems);
            case FileState.Sound _ -> {}
        }
    }

    private static void addUnknownVersion(int version, List<String> problems) {
        if (version < 1 || version > CatalogFile.VERSION) {
            problems.add("the catalog has version %d, not one of 1 to %d".formatted(version, CatalogFile.VERSION));
        }
    }

    /** The file that a start would go by; {@code null} where there is none. */
    private static @Nullable Path readable(
            Path first, FileState one, Path second, FileState other, List<String> problems) {
        if (one instanceof FileState.Sound(long changes)) {
            if (other instanceof FileState.Sound(long more) && more > changes) {
                problems.add("the catalog %s lacks changes".formatted(first));
                return second;
            }
            return first;
        }
        if (other instanceof FileState.Sound) {
            return second;
        }
        return one instanceof FileState.Older && problems.isEmpty() ? first : null;
    }

    private static CatalogCheck with(List<String> problems, @Nullable Path file) {
        if (file == null) {
            return new CatalogCheck(problems, List.of(), Map.of());
        }
        try (Connection connection = CatalogFile.openReadOnly(file)) {
            return of(problems, new CatalogTables(connection).load(CatalogFile.version(connection)));
        } catch (SQLException | RuntimeException e) {
            return failed("the catalog %s cannot be read: %s".formatted(file, e.getMessage()));
        }
    }

    private static CatalogCheck of(List<String> problems, CatalogImage image) {
        List<Collection> collections = image.allCollections();
        Map<CollectionId, Manifest> manifests = new LinkedHashMap<>();
        for (Collection collection : collections) {
            manifests.put(collection.id(), image.collection(collection.id()).manifest);
        }
        checkSegments(manifests, problems);
        return new CatalogCheck(problems, collections, manifests);
    }

    private static CatalogCheck failed(String problem) {
        return new CatalogCheck(List.of(problem), List.of(), Map.of());
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

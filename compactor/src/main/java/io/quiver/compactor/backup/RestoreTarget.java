package io.quiver.compactor.backup;

import io.quiver.log.storage.DiskStorage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;

/** A new directory in the making, beside its place; without {@link #publish} it is gone with {@link #close}. */
final class RestoreTarget implements AutoCloseable {
    private final Path place;
    private final Path directory;

    private RestoreTarget(Path place, Path directory) {
        this.place = place;
        this.directory = directory;
    }

    /** Refuses a place where something is. */
    static RestoreTarget beside(Path place) throws IOException {
        Path whole = place.toAbsolutePath().normalize();
        refuseTaken(whole);
        Path parent = Objects.requireNonNull(whole.getParent(), "the root of a file system is never empty");
        DiskStorage.open(parent);
        String name = ".%s.%s.restoring".formatted(whole.getFileName(), UUID.randomUUID());
        Path directory = DiskStorage.open(parent.resolve(name)).root();
        return new RestoreTarget(whole, directory);
    }

    private static void refuseTaken(Path place) throws IOException {
        if (!Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (!Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
            throw new RestoreException(place + " is not a directory");
        }
        try (Stream<Path> entries = Files.list(place)) {
            if (entries.findAny().isPresent()) {
                throw new RestoreException(place + " is not empty: a backup is restored into an empty directory only");
            }
        }
    }

    /** Where to write. */
    Path directory() {
        return directory;
    }

    /** Moves it to its place, durably. */
    void publish() throws IOException {
        Files.deleteIfExists(place);
        Files.move(directory, place, StandardCopyOption.ATOMIC_MOVE);
        DiskStorage.open(Objects.requireNonNull(place.getParent())).forceDirectory("");
    }

    @Override
    public void close() throws IOException {
        DirectoryTree.delete(directory);
    }
}

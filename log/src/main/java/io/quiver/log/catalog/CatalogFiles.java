package io.quiver.log.catalog;

import io.quiver.log.catalog.FileState.Damaged;
import io.quiver.log.catalog.FileState.Missing;
import io.quiver.log.catalog.FileState.Newer;
import io.quiver.log.catalog.FileState.Older;
import io.quiver.log.catalog.FileState.Sound;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The two files of a catalog: {@code catalog.db}, and {@code catalog-copy.db} with the same tables.
 *
 * <p>Each change is committed to the first file, then to the second, and then acknowledged ({@link CatalogCopy}). So a
 * second file that is there has everything that was acknowledged, and so has the first: where one of them is damaged,
 * the other takes its place. Of two sound ones that differ in their changes the one with more wins: the other was not
 * reached before the process ended, or lost the end of its write-ahead log to damage. With both damaged nobody knows
 * which collections there are.
 *
 * <p>Belongs to one thread; the directory to one process.
 */
final class CatalogFiles {
    static final String NAME = "catalog.db";
    static final String COPY = "catalog-copy.db";

    /** What both are made from when they are written anew; counts for nothing, and is deleted then. */
    static final String DRAFT = "catalog-draft.db";

    private static final Logger LOG = LoggerFactory.getLogger(CatalogFiles.class);

    private final Path first;
    private final Path second;
    private final Path draft;

    CatalogFiles(Path directory) {
        this.first = directory.resolve(NAME);
        this.second = directory.resolve(COPY);
        this.draft = directory.resolve(DRAFT);
    }

    /**
     * The first file, ready to be opened, and the second made where it was not as it should be.
     *
     * @param mended what was damaged and has been made again
     */
    record Ready(Connection connection, CatalogCopy copy, List<String> mended) {
        Ready {
            mended = List.copyOf(mended);
        }
    }

    /** Whether there is a catalog, sound or not. */
    boolean exist() throws IOException {
        return hasContent(first) || hasContent(second);
    }

    /** Reads the first file; see {@link FileState#of(Path, LongConsumer)}. */
    FileState first(LongConsumer pace) throws IOException {
        return FileState.of(first, pace);
    }

    FileState second(LongConsumer pace) throws IOException {
        return FileState.of(second, pace);
    }

    /** Opens both, making what is missing or damaged; the caller closes them. */
    Ready open() throws IOException {
        CatalogFile.rollBack(first);
        CatalogFile.rollBack(second);
        FileState one = FileState.of(first);
        FileState other = FileState.of(second);
        List<String> mended = new ArrayList<>();
        boolean isSecondRight = isSecondRight(one, other);
        if (isSecondRight) {
            mended.addAll(replace(first, one, second));
        }
        Connection connection = CatalogFile.open(first);
        try {
            boolean isSecondToBeMade = !isSecondRight && (other instanceof Missing || !one.equals(other));
            return new Ready(connection, openSecond(isSecondToBeMade, other, mended), mended);
        } catch (IOException | RuntimeException e) {
            throw closedAfter(connection, e);
        }
    }

    /** A full disk does not keep a server from starting: without the second file, which is made later. */
    private CatalogCopy openSecond(boolean isToBeMade, FileState state, List<String> mended) throws IOException {
        try {
            if (isToBeMade) {
                mended.addAll(replace(second, state, first));
            }
            return new CatalogCopy(this, CatalogFile.open(second));
        } catch (IOException e) {
            LOG.error("The second file of the catalog cannot be made, and is made later", e);
            deleteSecond();
            return new CatalogCopy(this, null);
        }
    }

    /**
     * Whether the first file is to be made again from the second; {@code false} where the first is right. Fails with
     * {@link IOException} where neither is.
     */
    private boolean isSecondRight(FileState one, FileState other) throws IOException {
        return switch (other) {
            case Sound(long changes) ->
                switch (one) {
                    case Missing() -> true;
                    case Damaged _ -> true;
                    case Older _ -> true;
                    case Sound(long firstChanges) -> changes > firstChanges;
                    case Newer(int version, long newerChanges) -> {
                        refuseNewer(first, version, newerChanges > changes);
                        yield true;
                    }
                };
            case Missing _, Older _, Damaged _ -> {
                refuse(one);
                yield false;
            }
            case Newer(int version, long newerChanges) -> {
                refuse(one);
                refuseNewer(second, version, !(one instanceof Sound(long changes)) || newerChanges > changes);
                yield false;
            }
        };
    }

    private void refuse(FileState one) throws IOException {
        switch (one) {
            case Missing(), Older _, Sound _ -> {}
            case Newer(int version, long _) -> refuseNewer(first, version, true);
            case Damaged(var problems) ->
                throw new IOException("cannot open the catalog %s: %s".formatted(first, problems.getFirst()));
        }
    }

    private static void refuseNewer(Path file, int version, boolean isNewer) throws IOException {
        if (isNewer) {
            throw new IOException("the catalog %s has version %d, made by a newer Quiver; this one knows up to %d"
                    .formatted(file, version, CatalogFile.VERSION));
        }
    }

    /** Makes a file again from the other one; returns what was wrong with it, if that is worth telling. */
    private List<String> replace(Path file, FileState state, Path by) throws IOException {
        Optional<String> damage = damage(file, state);
        damage.ifPresent(what -> LOG.error("{}: the file is made again from {}", what, by.getFileName()));
        write(file, by);
        FileReplacement.put(file, damage.isPresent());
        return damage.map(what -> "%s: the file was made again from %s".formatted(what, by.getFileName())).stream()
                .toList();
    }

    /**
     * Of a file that is wrong; one that was not reached by the newest change before the process ended is not worth a
     * word.
     */
    private Optional<String> damage(Path file, FileState state) {
        return switch (state) {
            case Sound _ when file.equals(second) -> Optional.empty();
            case Missing() when file.equals(second) -> Optional.empty();
            case Missing _, Damaged _, Sound _, Older _, Newer _ -> Optional.of(problem(file, state));
        };
    }

    private static String problem(Path file, FileState state) {
        return switch (state) {
            case Missing() -> "the catalog %s is missing".formatted(file);
            case Damaged(var problems) -> problems.getFirst();
            case Sound _, Older _, Newer _ -> "the catalog %s lacks changes".formatted(file);
        };
    }

    /** Makes the second file of the first one, durably. */
    Connection makeSecond(CatalogTables source) throws IOException, SQLException {
        FileReplacement.write(second, source);
        FileReplacement.put(second, false);
        return CatalogFile.open(second);
    }

    /** Deletes the second file, durably; it must have been closed. */
    void deleteSecond() throws IOException {
        FileReplacement.delete(second);
    }

    private static void write(Path file, Path by) throws IOException {
        try (Connection source = CatalogFile.openReadOnly(by)) {
            FileReplacement.write(file, new CatalogTables(source));
        } catch (SQLException e) {
            throw new IOException("cannot copy the catalog %s: %s".formatted(by, e.getMessage()), e);
        }
    }

    /** Writes what is to take both files' places with {@link #putAnew}: what memory has, after so many changes. */
    void writeAnew(CatalogImage image, long changes) throws IOException {
        FileReplacement.delete(draft);
        try (Connection connection = CatalogFile.open(draft)) {
            CatalogTables tables = new CatalogTables(connection);
            new CatalogSave(tables, image).all(changes);
            FileReplacement.write(first, tables);
            FileReplacement.write(second, tables);
        } catch (SQLException e) {
            throw new IOException("cannot write the catalog anew: " + e.getMessage(), e);
        }
        FileReplacement.delete(draft);
    }

    /**
     * Puts what {@link #writeAnew} wrote in place of both files, which must have been closed, and opens the first.
     * While one is being replaced the other is all there is: the second goes last where it alone has all changes.
     */
    Connection putAnew(long changes) throws IOException {
        FileState one = readable(first);
        FileState other = readable(second);
        if (!hasAll(one, changes) && hasAll(other, changes)) {
            put(first, one);
            put(second, other);
        } else {
            put(second, other);
            put(first, one);
        }
        return CatalogFile.open(first);
    }

    /** A file that the disk does not let be read is as good as damaged. */
    private static FileState readable(Path file) {
        try {
            return FileState.of(file);
        } catch (IOException e) {
            return new Damaged(List.of(String.valueOf(e.getMessage())));
        }
    }

    private static boolean hasAll(FileState state, long changes) {
        return state instanceof Sound(long count) && count >= changes;
    }

    private static void put(Path file, FileState state) throws IOException {
        FileReplacement.put(file, state instanceof Damaged);
    }

    Connection openSecond() throws IOException {
        return CatalogFile.open(second);
    }

    String problemOfFirst(FileState state) {
        return problem(first, state);
    }

    String problemOfSecond(FileState state) {
        return problem(second, state);
    }

    private static boolean hasContent(Path file) throws IOException {
        return Files.isRegularFile(file) && Files.size(file) > 0;
    }

    /** Closes a connection that turned out to be of no use; returns what to throw. */
    IOException closedAfter(AutoCloseable opened, Exception cause) {
        try {
            opened.close();
        } catch (Exception e) {
            cause.addSuppressed(e);
        }
        return new IOException("cannot read the catalog %s: %s".formatted(first, cause.getMessage()), cause);
    }
}

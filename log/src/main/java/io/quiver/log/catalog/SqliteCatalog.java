package io.quiver.log.catalog;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.LongConsumer;
import reactor.core.publisher.Mono;

/**
 * The catalog of one process, in two SQLite files of its data directory, see {@link CatalogFiles}.
 *
 * <p><b>Reads</b> are answered from an image in memory, see {@link CatalogReads}. <b>Changes</b> run on the thread
 * {@code quiver-catalog}, see {@link CatalogChanges}. <b>Events</b> wait for slow subscribers, see
 * {@link CatalogEvents}.
 *
 * <p>Owns the connection; {@link #close} finishes the changes that wait, completes the events and closes it.
 */
public final class SqliteCatalog extends CatalogChanges {
    private final CatalogCopy copy;
    private final OpenFiles files;
    private final FoundDamage found;

    private SqliteCatalog(
            CatalogLimits limits,
            DefaultQuotas defaultQuotas,
            CatalogImage image,
            CatalogFiles.Ready ready,
            OpenFiles files,
            FoundDamage found) {
        super(limits, defaultQuotas, image, files);
        this.copy = ready.copy();
        this.found = found;
        this.files = files;
    }

    /** Opens the catalog of a data directory, making it where there is none. */
    public static SqliteCatalog open(Path directory) throws IOException {
        return open(directory, CatalogLimits.DEFAULT, DefaultQuotas.NONE);
    }

    /**
     * Opens the catalog of a data directory, making it where there is none. A damaged file is made again from the other
     * one, see {@link #mended}. Fails with {@link IOException} where both are damaged, or were made by a newer version:
     * these are left untouched.
     */
    public static SqliteCatalog open(Path directory, CatalogLimits limits, DefaultQuotas quotas) throws IOException {
        CatalogFiles files = new CatalogFiles(directory);
        CatalogFiles.Ready ready = files.open();
        try {
            CatalogImage image = new CatalogTables(ready.connection()).load();
            FoundDamage found = new FoundDamage(ready.mended());
            return new SqliteCatalog(limits, quotas, image, ready, new OpenFiles(files, ready, found), found);
        } catch (SQLException | RuntimeException e) {
            ready.copy().close();
            throw files.closedAfter(ready.connection(), e);
        }
    }

    /** Whether a directory has a catalog, sound or not: one that should have is not to begin a new one. */
    public static boolean exists(Path directory) throws IOException {
        return new CatalogFiles(directory).exist();
    }

    /** What was found damaged and has been made again, when this was opened and since, in words; the newest of it. */
    public List<String> mended() {
        return found.mended();
    }

    /** What was found damaged and could not be made again, in words. Reads go on, from memory. */
    public List<String> damaged() {
        return found.remaining();
    }

    /**
     * Compares both files with their checksums while changes go on, and makes a damaged one again from the other.
     * Blocks, a page check at a time and {@code pace} in between. Fails with {@link IOException} where the files cannot
     * be read, with {@link RuntimeException} where a damaged one could not be made again.
     *
     * @param pace is told how many bytes were read since it was told last; may wait, and may end this by a
     *     {@link java.util.concurrent.CancellationException}
     */
    public void scrub(LongConsumer pace) throws IOException {
        if (!found.remaining().isEmpty() || !files.looksSound(pace)) {
            thread.change(() -> {
                        thread.mend();
                        return true;
                    })
                    .block();
        }
    }

    /** Files that have all changes: one less than usual while the second cannot be written. */
    public int fileCount() {
        return copy.isThere() ? 2 : 1;
    }

    /** Looks at the catalog of a data directory without changing anything; no error in it makes this fail. */
    public static CatalogCheck check(Path directory) {
        return CatalogCheck.of(directory);
    }

    /**
     * Writes the catalog as it is at one moment into a new file, which is not yet durable, and has {@code meanwhile}
     * look at what belongs to it: no change of the catalog comes in between, so it must not take long.
     */
    public <T> Mono<T> copyTo(Path file, Callable<T> meanwhile) {
        return thread.change(() -> {
            thread.copyTo(file);
            return meanwhile.call();
        });
    }
}

package io.quiver.log.catalog;

import static io.quiver.log.catalog.Answers.get;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/**
 * One of the two files of a catalog is damaged, in every page: the other one takes its place, and the catalog says what
 * was written.
 *
 * <p>Flips and cuts a sample of the bytes of each page, with a printed seed; {@code -Dquiver.damages=100} more of each
 * page.
 */
class CatalogDamageTest {
    private static final int DAMAGES = Integer.getInteger("quiver.damages", 1);
    private static final int PAGE_BYTES = 4096;
    private static final List<String> FILES = List.of(CatalogFiles.NAME, CatalogFiles.COPY);

    @TempDir
    Path directory;

    private final long seed = Long.getLong("quiver.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private Path written;
    private Path killed;
    private Path damaged;

    CatalogDamageTest() {
        System.out.printf("seed %d%n", seed);
    }

    @BeforeAll
    static void silence() {
        ((Logger) LoggerFactory.getLogger(CatalogFiles.class)).setLevel(Level.OFF);
    }

    @AfterAll
    static void speakAgain() {
        ((Logger) LoggerFactory.getLogger(CatalogFiles.class)).setLevel(null);
    }

    /** Closed in {@code written}, and as {@code kill -9} leaves it, with its write-ahead logs, in {@code killed}. */
    @BeforeEach
    void write() throws IOException {
        written = Files.createDirectory(directory.resolve("written"));
        killed = directory.resolve("killed");
        damaged = directory.resolve("damaged");
        try (SqliteCatalog catalog = SqliteCatalog.open(written)) {
            GoldenCatalog.fill(catalog);
        }
        try (SqliteCatalog catalog = SqliteCatalog.open(written)) {
            GoldenCatalog.fork(catalog);
            GoldenCatalog.limit(catalog);
            copy(written, killed);
        }
    }

    @Test
    void flippedBytesOfEitherFileChangeNothing() throws IOException {
        int damages = 0;
        int mended = 0;
        for (String file : FILES) {
            byte[] intact = Files.readAllBytes(written.resolve(file));
            for (int at : places(intact.length)) {
                byte[] bytes = intact.clone();
                bytes[at] ^= (byte) (1 << random.nextInt(Byte.SIZE));
                mended += mendedAfter(written, file, bytes, "byte " + at);
                damages++;
            }
        }
        System.out.printf("%d of %d flipped bits mattered, and were mended%n", mended, damages);
        assertTrue(mended > 0);
    }

    @Test
    void filesCutAtAnyLengthChangeNothing() throws IOException {
        for (String file : FILES) {
            byte[] intact = Files.readAllBytes(written.resolve(file));
            for (int length : places(intact.length)) {
                mendedAfter(written, file, Arrays.copyOf(intact, length), "cut to " + length);
            }
        }
    }

    @Test
    void zeroedPagesChangeNothing() throws IOException {
        for (String file : FILES) {
            byte[] intact = Files.readAllBytes(written.resolve(file));
            for (int page = 0; page < intact.length; page += PAGE_BYTES) {
                byte[] bytes = intact.clone();
                Arrays.fill(bytes, page, page + PAGE_BYTES, (byte) 0);
                mendedAfter(written, file, bytes, "page at " + page);
            }
        }
    }

    /** SQLite takes a damaged write-ahead log for one that ends there: what follows would be gone without a word. */
    @Test
    void aDamagedWriteAheadLogLosesNothing() throws IOException {
        int mended = 0;
        for (String file : FILES) {
            String log = file + "-wal";
            byte[] intact = Files.readAllBytes(killed.resolve(log));
            for (int at : places(intact.length)) {
                byte[] bytes = intact.clone();
                bytes[at] ^= (byte) (1 << random.nextInt(Byte.SIZE));
                mended += mendedAfter(killed, log, bytes, "byte " + at);
                mendedAfter(killed, log, Arrays.copyOf(intact, at), "cut to " + at);
            }
        }
        assertTrue(mended > 0);
    }

    @Test
    void eitherFileMayBeMissing() throws IOException {
        for (String file : FILES) {
            copyForDamage(written);
            Files.delete(damaged.resolve(file));
            verify(file + " is missing");
        }
    }

    @Test
    void aRowThatIsWellFormedAndWrongIsFound() throws IOException, SQLException {
        for (String change : List.of(
                "UPDATE collections SET name = 'cooks' WHERE name = 'books'",
                "UPDATE collections SET dimension = 385 WHERE dimension = 384",
                "UPDATE manifests SET compacted_offset = 43 WHERE compacted_offset = 42",
                "UPDATE manifests SET segments_json = '[]' WHERE compacted_offset = 42",
                "UPDATE databases SET name = 'dots' WHERE name = 'docs'",
                "UPDATE quotas SET most = 101 WHERE most = 100",
                "UPDATE forks SET root_id = 'x' || substr(root_id, 2)",
                "UPDATE tenants SET ordinal = ordinal + 100")) {
            for (String file : FILES) {
                copyForDamage(written);
                execute(damaged.resolve(file), change);
                assertFalse(SqliteCatalog.check(damaged).problems().isEmpty(), change);
                verify(change);
                assertEquals(List.of(), SqliteCatalog.check(damaged).problems(), change);
            }
        }
    }

    @Test
    void whatWasDamagedIsSaidAndKept() throws IOException, SQLException {
        copyForDamage(written);
        Path first = damaged.resolve(CatalogFiles.NAME);
        execute(first, "UPDATE tenants SET ordinal = 77 WHERE name = 'default_tenant'");
        try (SqliteCatalog catalog = SqliteCatalog.open(damaged)) {
            assertEquals(
                    List.of("the row default_tenant of tenants is not as it was written: the file was made again from"
                            + " catalog-copy.db"),
                    catalog.mended());
        }
        assertTrue(Files.exists(damaged.resolve(CatalogFiles.NAME + ".damaged")));
        try (SqliteCatalog catalog = SqliteCatalog.open(damaged)) {
            assertEquals(List.of(), catalog.mended());
        }
    }

    @Test
    void twoDamagedFilesAreRefusedAndLeftAsTheyAre() throws IOException, SQLException {
        copyForDamage(written);
        for (String file : FILES) {
            execute(damaged.resolve(file), "UPDATE collections SET dimension = 385 WHERE dimension = 384");
        }
        byte[] before = Files.readAllBytes(damaged.resolve(CatalogFiles.NAME));
        assertThrows(IOException.class, () -> SqliteCatalog.open(damaged));
        assertTrue(Arrays.equals(before, Files.readAllBytes(damaged.resolve(CatalogFiles.NAME))));
    }

    @Test
    void aSecondFileThatCannotBeWrittenIsMadeAgain() throws IOException, SQLException {
        Path second = written.resolve(CatalogFiles.COPY);
        try (SqliteCatalog catalog = SqliteCatalog.open(written)) {
            execute(second, "ALTER TABLE tenants RENAME TO elsewhere");
            get(catalog.createTenant("first"));
            assertEquals(1, catalog.fileCount());
            assertFalse(Files.exists(second));
            get(catalog.createTenant("second"));
            assertEquals(2, catalog.fileCount());
            get(catalog.createTenant("third"));
        }
        Files.delete(written.resolve(CatalogFiles.NAME));
        try (SqliteCatalog catalog = SqliteCatalog.open(written)) {
            GoldenCatalog.verify(catalog);
            for (String tenant : List.of("first", "second", "third")) {
                assertEquals(tenant, get(catalog.tenant(tenant)).name());
            }
        }
    }

    @Test
    void aCatalogOpensWithoutASecondFileAndMakesItLater() throws IOException {
        copyForDamage(written);
        Files.delete(damaged.resolve(CatalogFiles.COPY));
        Path inTheWay = Files.createDirectories(damaged.resolve(CatalogFiles.COPY + ".new"));
        Path held = Files.createFile(inTheWay.resolve("held"));
        try (SqliteCatalog catalog = SqliteCatalog.open(damaged)) {
            assertEquals(1, catalog.fileCount());
            Files.delete(held);
            get(catalog.createTenant("later"));
            assertEquals(2, catalog.fileCount());
        }
        Files.delete(damaged.resolve(CatalogFiles.NAME));
        verify("made later");
    }

    /** As where the process ended between the two commits of a change. */
    @Test
    void aSecondFileThatIsOneChangeBehindIsBroughtForward() throws IOException {
        copyForDamage(written);
        byte[] behind = Files.readAllBytes(written.resolve(CatalogFiles.COPY));
        try (SqliteCatalog catalog = SqliteCatalog.open(damaged)) {
            get(catalog.createTenant("newest"));
        }
        Files.write(damaged.resolve(CatalogFiles.COPY), behind);
        for (String file : FILES) {
            try (SqliteCatalog catalog = SqliteCatalog.open(damaged)) {
                assertEquals("newest", get(catalog.tenant("newest")).name());
            }
            Files.delete(damaged.resolve(file));
        }
    }

    /** Returns how many files were made again. */
    private int mendedAfter(Path from, String file, byte[] bytes, String how) throws IOException {
        copyForDamage(from);
        Files.write(damaged.resolve(file), bytes);
        return verify("seed %d, %s, %s".formatted(seed, file, how));
    }

    private int verify(String where) {
        try (SqliteCatalog catalog = SqliteCatalog.open(damaged)) {
            GoldenCatalog.verify(catalog);
            GoldenCatalog.verifyFork(catalog);
            GoldenCatalog.verifyLimit(catalog);
            return catalog.mended().size();
        } catch (IOException | RuntimeException | AssertionError failure) {
            throw new AssertionError(where, failure);
        }
    }

    /** The first bytes and the last one, and some of each page. */
    private Set<Integer> places(int length) {
        Set<Integer> places = new TreeSet<>(List.of(0, 18, 28, length - 1));
        IntStream.iterate(0, page -> page < length, page -> page + PAGE_BYTES).forEach(page -> {
            places.add(page);
            random.ints(DAMAGES, page, Math.min(page + PAGE_BYTES, length)).forEach(places::add);
        });
        return places;
    }

    private void copyForDamage(Path from) throws IOException {
        if (Files.exists(damaged)) {
            try (var names = Files.list(damaged)) {
                for (Path file : names.toList()) {
                    Files.delete(file);
                }
            }
        }
        copy(from, damaged);
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (var names = Files.list(from)) {
            for (Path file : names.toList()) {
                if (!file.toString().endsWith("-shm")) {
                    Files.copy(file, to.resolve(file.getFileName()));
                }
            }
        }
    }

    private static void execute(Path file, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA foreign_keys = OFF");
            statement.execute(sql);
        }
    }
}

package io.quiver.log.catalog;

import static io.quiver.log.catalog.Answers.get;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.QuiverException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * A file of a catalog is damaged while the catalog is open: a scrub finds it, and makes it again.
 */
class CatalogScrubTest {
    private static final int PAGE_BYTES = 4096;
    private static final List<String> FILES = List.of(CatalogFiles.NAME, CatalogFiles.COPY);

    @RegisterExtension
    static final SilentLoggers SILENT = SilentLoggers.of(OpenFiles.class, CatalogThread.class, CatalogCopy.class);

    @TempDir
    Path directory;

    private final long seed = Long.getLong("quiver.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private SqliteCatalog catalog;
    private int tenants;

    CatalogScrubTest() {
        System.out.printf("seed %d%n", seed);
    }

    /** Opened anew, so that all is in the files and not in their write-ahead logs. */
    @BeforeEach
    void open() throws IOException {
        try (SqliteCatalog first = SqliteCatalog.open(directory)) {
            GoldenCatalog.fill(first);
            GoldenCatalog.fork(first);
            GoldenCatalog.limit(first);
        }
        catalog = SqliteCatalog.open(directory);
    }

    @AfterEach
    void close() {
        catalog.close();
    }

    @Test
    void eachZeroedPageOfEitherFileIsFoundAndMade() throws IOException, SQLException {
        int pages = 0;
        for (String file : FILES) {
            long length = Files.size(directory.resolve(file));
            for (long page = 0; page < length; page += PAGE_BYTES) {
                // A page that is also in the write-ahead log is read from there.
                execute(file, "PRAGMA wal_checkpoint(TRUNCATE)");
                overwrite(file, page, new byte[PAGE_BYTES]);
                scrubAndVerify(true, file + ", page at " + page);
                pages++;
            }
        }
        System.out.printf("%d of %d zeroed pages of a running catalog found and mended%n", pages, pages);
    }

    @Test
    void flippedBytesAreFoundOrDoNotMatter() throws IOException, SQLException {
        int found = 0;
        int flips = 0;
        for (String file : FILES) {
            for (long page = 0; page < Files.size(directory.resolve(file)); page += PAGE_BYTES) {
                long at = page + random.nextInt(PAGE_BYTES);
                List<String> mended = catalog.mended();
                execute(file, "PRAGMA wal_checkpoint(TRUNCATE)");
                overwrite(file, at, new byte[] {(byte) random.nextInt(256)});
                scrubAndVerify(false, "seed %d, %s, byte %d".formatted(seed, file, at));
                found += !catalog.mended().equals(mended) ? 1 : 0;
                flips++;
            }
        }
        System.out.printf("%d of %d bytes mattered, and were mended%n", found, flips);
    }

    @Test
    void aDamagedWriteAheadLogIsFound() throws IOException {
        for (String file : FILES) {
            get(catalog.createTenant("in-the-log-of-" + file));
            String log = file + "-wal";
            long frames = Files.size(directory.resolve(log)) / (PAGE_BYTES + 24);
            for (long frame = 0; frame < frames; frame++) {
                overwrite(log, 32 + frame * (PAGE_BYTES + 24) + 24, new byte[PAGE_BYTES]);
            }
            scrubAndVerify(true, log);
            get(catalog.tenant("in-the-log-of-" + file));
        }
    }

    @Test
    void aRowThatIsWellFormedAndWrongIsFound() throws IOException, SQLException {
        for (String file : FILES) {
            execute(file, "UPDATE manifests SET compacted_offset = 43 WHERE compacted_offset = 42");
            scrubAndVerify(true, file);
        }
    }

    @Test
    void theLastOfManyRowsIsReadToo() throws IOException, SQLException {
        for (int i = 0; i < 600; i++) {
            get(catalog.createTenant("one-of-many-" + i));
        }
        execute(CatalogFiles.NAME, "UPDATE tenants SET ordinal = ordinal + 1000 WHERE name = 'one-of-many-599'");
        scrubAndVerify(true, "the last row");
    }

    @Test
    void aFileThatIsGoneIsMadeAgain() throws IOException {
        for (String file : FILES) {
            Files.delete(directory.resolve(file));
            scrubAndVerify(true, file);
            assertTrue(Files.exists(directory.resolve(file)));
        }
    }

    /** A change reads pages of its own before the scrubber comes to them. */
    @Test
    void aChangeThatMeetsDamageMendsItAndIsMade() throws IOException, SQLException {
        // What somebody else writes makes the connection forget the pages that it has read.
        execute(CatalogFiles.NAME, "UPDATE changes SET change_count = change_count + 1");
        for (long page = 1; page < Files.size(directory.resolve(CatalogFiles.NAME)) / PAGE_BYTES; page++) {
            overwrite(CatalogFiles.NAME, page * PAGE_BYTES, new byte[PAGE_BYTES]);
        }
        get(catalog.createTenant("after-damage"));
        assertEquals(1, catalog.mended().size());
        scrubAndVerify(false, "a change");
        get(catalog.tenant("after-damage"));
    }

    @Test
    void bothFilesAreMadeAgainFromMemory() throws IOException {
        damageBoth();
        scrubAndVerify(true, "both");
        assertEquals(List.of(), catalog.damaged());
        assertEquals(2, catalog.mended().size());
        for (String file : FILES) {
            assertTrue(Files.exists(directory.resolve(file + ".damaged")), file);
        }
    }

    @Test
    void whileNeitherFileCanBeMadeAgainReadsGoOnAndChangesAreRefused() throws Exception {
        Path held = Files.createDirectories(directory.resolve(CatalogFiles.COPY + ".new/held"));
        damageBoth();
        assertThrows(QuiverException.class, () -> catalog.scrub(_ -> {}));
        assertEquals(2, catalog.damaged().size());
        assertEquals(List.of(), catalog.mended());
        verify("both");
        QuiverException refusal = assertThrows(
                QuiverException.class, () -> catalog.createTenant("late").block());
        assertEquals(ErrorCode.UNAVAILABLE, refusal.code());
        Files.delete(held);
        Thread.sleep(Duration.ofMillis(250)); // healing is not tried again at once
        scrubAndVerify(true, "both, later");
        assertEquals(List.of(), catalog.damaged());
    }

    private void damageBoth() throws IOException {
        for (String file : FILES) {
            overwrite(file, PAGE_BYTES, new byte[PAGE_BYTES]);
        }
    }

    @Test
    void aFileThatCannotBeMadeAgainIsToldUntilItCan() throws IOException {
        Path held = Files.createDirectories(directory.resolve(CatalogFiles.NAME + ".new/held"));
        overwrite(CatalogFiles.NAME, PAGE_BYTES, new byte[PAGE_BYTES]);
        assertThrows(RuntimeException.class, () -> catalog.scrub(_ -> {}));
        assertEquals(1, catalog.damaged().size());
        verify("not yet");
        Files.delete(held);
        scrubAndVerify(true, "can be made");
        assertEquals(List.of(), catalog.damaged());
    }

    @Test
    void changesThatGoOnAreNotTakenForDamage() throws Exception {
        AtomicBoolean isOver = new AtomicBoolean();
        Thread changes = Thread.ofPlatform().start(() -> {
            while (!isOver.get()) {
                get(catalog.createTenant("tenant-" + tenants++));
            }
        });
        for (int i = 0; i < 30; i++) {
            catalog.scrub(_ -> {});
        }
        isOver.set(true);
        changes.join();
        assertTrue(tenants > 0);
        assertEquals(List.of(), catalog.mended());
        verify("changes went on");
    }

    @Test
    void isReadAtAPaceAndGivenUpWhenThatSaysSo() throws IOException {
        AtomicLong bytes = new AtomicLong();
        catalog.scrub(bytes::addAndGet);
        assertTrue(bytes.get() >= 2 * Files.size(directory.resolve(CatalogFiles.NAME)), bytes.toString());
        assertThrows(
                CancellationException.class,
                () -> catalog.scrub(_ -> {
                    throw new CancellationException();
                }));
        assertEquals(List.of(), catalog.mended());
    }

    private void scrubAndVerify(boolean isToBeFound, String where) throws IOException {
        List<String> before = catalog.mended();
        catalog.scrub(_ -> {});
        assertFalse(
                isToBeFound
                        && before.equals(catalog.mended())
                        && catalog.mended().size() < 16,
                where);
        assertEquals(2, catalog.fileCount(), where);
        verify(where);
        get(catalog.createTenant("scrubbed-" + tenants++));
        assertEquals(List.of(), SqliteCatalog.check(directory).problems(), where);
    }

    private void verify(String where) {
        try {
            GoldenCatalog.verify(catalog);
            GoldenCatalog.verifyFork(catalog);
            GoldenCatalog.verifyLimit(catalog);
        } catch (AssertionError failure) {
            throw new AssertionError(where, failure);
        }
    }

    private void overwrite(String file, long at, byte[] bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(directory.resolve(file), StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(bytes), at);
        }
    }

    private void execute(String file, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve(file));
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}

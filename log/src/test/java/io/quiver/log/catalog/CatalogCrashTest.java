package io.quiver.log.catalog;

import static io.quiver.log.catalog.Answers.get;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.log.record.CollectionId;
import io.quiver.log.record.LogOffset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * The process is killed or the power goes at each step of a change of the catalog: in the first file, between the
 * files, in the second, while a write-ahead log is brought into its file, and while a file is made again. The catalog
 * opens with all that was acknowledged, and with the change that was under way whole or not at all.
 *
 * <p>The files of a running catalog are copied between the steps ({@link CatalogCuts}).
 */
class CatalogCrashTest {
    @RegisterExtension
    static final SilentLoggers SILENT = SilentLoggers.of(CatalogFiles.class, OpenFiles.class);

    @TempDir
    Path directory;

    private CatalogCuts cuts;
    private CatalogCuts steps;

    @BeforeEach
    void begin() {
        cuts = new CatalogCuts(directory.resolve("crashed"));
        steps = new CatalogCuts(directory.resolve("crashed"));
    }

    @Test
    void aChangeIsWholeOrNotThereWhereverItEnds() throws Exception {
        tellAndCut();
        cuts.verifySample("a catalog of six changes");
    }

    @Test
    void makingAFileAgainMayEndAnywhere() throws Exception {
        CatalogState sound = golden();
        for (String file : CatalogState.FILES) {
            byte[] whole = sound.bytes(file);
            CatalogState damaged = sound.with(file, new byte[4096]).with(file + "-wal", garbage());
            for (int length = 0; length < whole.length; length += CatalogCuts.SECTOR_BYTES) {
                cuts.add(file + ": written in part", damaged.with(file + ".new", Arrays.copyOf(whole, length)), sound);
            }
            CatalogState written = damaged.with(file + ".new", whole);
            cuts.add(file + ": written", written, sound);
            CatalogState aside = written.with(file + ".damaged", new byte[4096]).without(file);
            cuts.add(file + ": put aside", aside, sound);
            cuts.add(file + ": without its log", aside.without(file + "-wal"), sound);
            cuts.add(file + ": the log forgotten, the file not", written.without(file + "-wal"), sound);
        }
        CatalogState second = sound.without(CatalogFiles.COPY);
        cuts.add("the second file deleted, its log not", second.with(CatalogFiles.COPY + "-wal", garbage()), sound);
        cuts.add("the second file deleted", second, sound);
        cuts.verifySample("making a file again");
    }

    /**
     * What a change after an error of the disk does: both files are written anew, and the one that is needed less is
     * replaced first.
     */
    @Test
    void healingMayEndAnywhere() throws Exception {
        golden();
        Path running = directory.resolve("golden");
        CatalogState open;
        CatalogState doubtful;
        CatalogThread thread = thread(running);
        try {
            get(thread.change(() -> {
                thread.commit(tables -> tables.insert(new Tenant("young", null), 100));
                return true;
            }));
            open = CatalogState.of(running);
        } finally {
            thread.close();
        }
        CatalogState healed = CatalogState.of(running);
        try (Connection first = CatalogFile.open(running.resolve(CatalogFiles.NAME))) {
            CatalogTables tables = new CatalogTables(first);
            tables.begin();
            tables.insert(new Tenant("in-doubt", null), 101);
            tables.commit();
            doubtful = CatalogState.of(running).without(CatalogFiles.COPY);
        }
        CatalogState alone = open.without(CatalogFiles.COPY).without(CatalogFiles.COPY + "-wal");
        CatalogState damaged = open.with(CatalogFiles.NAME, new byte[4096]);
        healFrom("both files", open, healed, CatalogState.FILES.reversed());
        healFrom("the first file alone", alone, healed, CatalogState.FILES.reversed());
        healFrom("the first file alone, with more", doubtful, healed, CatalogState.FILES.reversed());
        healFrom("the second file alone", damaged, healed, CatalogState.FILES);
        cuts.verifySample("writing files for healing");
        steps.verifyAll("healing");
    }

    private void healFrom(String what, CatalogState begin, CatalogState healed, List<String> order) {
        CatalogState step = begin;
        for (String name : List.of(CatalogFiles.DRAFT, CatalogFiles.NAME + ".new", CatalogFiles.COPY + ".new")) {
            byte[] whole = healed.bytes(CatalogFiles.NAME);
            for (int length = 0; length < whole.length; length += CatalogCuts.SECTOR_BYTES) {
                cuts.add(what + ", written in part", step.with(name, Arrays.copyOf(whole, length)), begin);
            }
            step = step.with(name, whole);
            steps.add(what + ", written: " + name, step, begin);
        }
        for (String file : order) {
            step = step.without(file);
            steps.add(what + ", deleted: " + file, step, begin, healed);
            step = step.without(file + "-wal");
            steps.add(what + ", without its log: " + file, step, begin, healed);
            step = step.with(file, healed.bytes(file)).without(file + ".new");
            steps.add(what + ", put in place: " + file, step, begin, healed);
        }
    }

    /** A new file has a journal until it has a write-ahead log; what it holds is taken back by the next start. */
    @Test
    void openingANewFileMayEndAnywhere() throws Exception {
        CatalogState sound = golden();
        for (String file : CatalogState.FILES) {
            CatalogState half = halfWay(sound, file);
            cuts.add(file + ": half way", half, sound);
        }
        CatalogState alone = sound.without(CatalogFiles.COPY);
        cuts.add("the first half way, and alone", halfWay(alone, CatalogFiles.NAME), sound);
        cuts.verifyAll("opening a new file");
    }

    /** In the middle of a transaction that does not fit into memory, and is made without a write-ahead log. */
    private CatalogState halfWay(CatalogState sound, String file) throws Exception {
        Path begun = directory.resolve("begun");
        sound.putInto(begun);
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + begun.resolve(file));
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA journal_mode = DELETE");
            statement.execute("PRAGMA cache_size = 1");
            statement.execute("BEGIN");
            statement.execute("UPDATE collections SET name = 'half-' || name");
            statement.execute("CREATE TABLE half AS SELECT * FROM collections, manifests, flyway_schema_history");
            CatalogState half = CatalogState.of(begun);
            assertTrue(half.files().containsKey(file + CatalogFile.JOURNAL));
            return half;
        }
    }

    private static CatalogThread thread(Path running) throws Exception {
        CatalogFiles files = new CatalogFiles(running);
        OpenFiles open = new OpenFiles(files, files.open(), new FoundDamage(List.of()));
        return new CatalogThread(open, new CatalogEvents(), CatalogImage::new);
    }

    private CatalogState golden() throws IOException {
        Path golden = Files.createDirectories(directory.resolve("golden"));
        try (SqliteCatalog catalog = SqliteCatalog.open(golden)) {
            GoldenCatalog.fill(catalog);
            GoldenCatalog.fork(catalog);
            GoldenCatalog.limit(catalog);
        }
        return CatalogState.of(golden);
    }

    private byte[] garbage() {
        byte[] bytes = new byte[10_000];
        cuts.random.nextBytes(bytes);
        return bytes;
    }

    /** Makes changes of every kind, and brings the write-ahead logs into the files between them. */
    private void tellAndCut() throws Exception {
        golden();
        Path running = directory.resolve("golden");
        CatalogCheck had = SqliteCatalog.check(running);
        CatalogThread thread = thread(running);
        try {
            int number = 0;
            for (CatalogThread.Statements change : changes(had)) {
                cutChange("change " + number, running, thread, change);
                if (number++ % 2 == 1) {
                    cutCheckpoints("checkpoint after change " + number, running);
                }
            }
        } finally {
            thread.close();
        }
    }

    private static List<CatalogThread.Statements> changes(CatalogCheck had) {
        Collection one = had.collections().getFirst();
        Manifest manifest = Objects.requireNonNull(had.manifests().get(one.id()));
        Manifest next = new Manifest(manifest.version() + 1, new LogOffset(4_711), manifest.segments());
        Database database = new Database(UUID.randomUUID(), "young", Tenant.DEFAULT);
        Collection fork = new Collection(
                CollectionId.random(),
                "young-fork",
                Tenant.DEFAULT,
                "young",
                one.configuration(),
                one.schema(),
                one.metadata(),
                one.dimension(),
                one.version());
        return List.of(
                tables -> tables.insert(new Tenant("young", null), 100),
                tables -> assertTrue(tables.compareAndSet(one.id(), next)),
                tables -> tables.insert(database, 101),
                tables -> tables.insertFork(fork, next, one.id(), database.id(), 102),
                tables -> tables.setQuota(
                        QuotaTable.Key.of(new QuotaScope.OfTenant("young")),
                        new Quota(Map.of(Quota.Resource.RECORDS, 7L))),
                tables -> tables.deleteDatabase(database.id()));
    }

    private void cutChange(String what, Path running, CatalogThread thread, CatalogThread.Statements change)
            throws IOException {
        CatalogState before = CatalogState.of(running);
        List<CatalogState> between = new ArrayList<>();
        get(thread.change(() -> {
            thread.commit(tables -> {
                between.add(CatalogState.of(running));
                change.run(tables);
            });
            return true;
        }));
        assertEquals(2, between.size(), "files that a change is made in");
        CatalogState after = CatalogState.of(running);
        cuts.addMixtures(what + " in the first file", before, between.getLast(), before, after);
        cuts.add(what + " between the files", between.getLast(), after);
        cuts.addMixtures(what + " in the second file", between.getLast(), after, after);
        cuts.add(what + " made", after, after);
    }

    private void cutCheckpoints(String what, Path running) throws IOException, SQLException {
        for (String file : CatalogState.FILES) {
            CatalogState before = CatalogState.of(running);
            try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + running.resolve(file));
                    Statement statement = connection.createStatement()) {
                statement.execute("PRAGMA wal_checkpoint(PASSIVE)");
            }
            CatalogState after = CatalogState.of(running);
            assertFalse(Arrays.equals(before.bytes(file), after.bytes(file)), "nothing was brought into " + file);
            cuts.addMixtures(what + " of " + file, before, after, before);
        }
    }
}

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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import java.util.function.IntPredicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * The process is killed or the power goes at each step of a change of the catalog: in the first file, between the files, in
 * the second, while a write-ahead log is brought into its file, and while a file is made again. The catalog opens with all
 * that was acknowledged, and with the change that was under way whole or not at all.
 *
 * <p>The files of a running catalog are copied between the steps. A step that was cut is a mixture of the copies before and
 * after it: the first sectors of what it wrote, as a kill leaves them, or any, as a power cut does before they are forced.
 * Runs a sample, with a printed seed; {@code -Dquiver.crashes=100000} runs every sector of every step.
 */
class CatalogCrashTest {
    private static final int CRASHES = Integer.getInteger("quiver.crashes", 60);
    private static final int SECTOR_BYTES = 512;
    private static final List<String> FILES = List.of(CatalogFiles.NAME, CatalogFiles.COPY);

    @RegisterExtension
    static final SilentLoggers SILENT = SilentLoggers.of(CatalogFiles.class, OpenFiles.class);

    @TempDir
    Path directory;

    private final long seed = Long.getLong("quiver.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final List<Crash> crashes = new ArrayList<>();
    private final Map<State, List<Object>> contents = new HashMap<>();

    /** The files of a catalog at one moment. */
    private record State(Map<String, byte[]> files) {
        State with(String file, byte[] bytes) {
            Map<String, byte[]> changed = new HashMap<>(files);
            changed.put(file, bytes);
            return new State(changed);
        }

        State without(String file) {
            Map<String, byte[]> changed = new HashMap<>(files);
            changed.remove(file);
            return new State(changed);
        }

        byte[] bytes(String file) {
            return files.getOrDefault(file, new byte[0]);
        }
    }

    /** What lies on the disk, and the states of which it must open as one. */
    private record Crash(String where, State disk, List<State> allowed) {}

    @Test
    void aChangeIsWholeOrNotThereWhereverItEnds() throws Exception {
        tellAndCut();
        verifySample("a catalog of six changes");
    }

    @Test
    void makingAFileAgainMayEndAnywhere() throws Exception {
        State sound = golden();
        for (String file : FILES) {
            byte[] whole = sound.bytes(file);
            State damaged = sound.with(file, new byte[4096]).with(file + "-wal", garbage());
            for (int length = 0; length < whole.length; length += SECTOR_BYTES) {
                add(file + ": written in part", damaged.with(file + ".new", Arrays.copyOf(whole, length)), sound);
            }
            State written = damaged.with(file + ".new", whole);
            add(file + ": written", written, sound);
            State aside = written.with(file + ".damaged", new byte[4096]).without(file);
            add(file + ": put aside", aside, sound);
            add(file + ": without its log", aside.without(file + "-wal"), sound);
            add(file + ": the log forgotten, the file not", written.without(file + "-wal"), sound);
        }
        State second = sound.without(CatalogFiles.COPY);
        add("the second file deleted, its log not", second.with(CatalogFiles.COPY + "-wal", garbage()), sound);
        add("the second file deleted", second, sound);
        verifySample("making a file again");
    }

    private State golden() throws IOException {
        Path golden = Files.createDirectories(directory.resolve("golden"));
        try (SqliteCatalog catalog = SqliteCatalog.open(golden)) {
            GoldenCatalog.fill(catalog);
            GoldenCatalog.fork(catalog);
            GoldenCatalog.limit(catalog);
        }
        return state(golden);
    }

    private byte[] garbage() {
        byte[] bytes = new byte[10_000];
        random.nextBytes(bytes);
        return bytes;
    }

    /** Makes changes of every kind, and brings the write-ahead logs into the files between them. */
    private void tellAndCut() throws Exception {
        golden();
        Path running = directory.resolve("golden");
        CatalogCheck had = SqliteCatalog.check(running);
        CatalogFiles files = new CatalogFiles(running);
        CatalogThread thread =
                new CatalogThread(new OpenFiles(files, files.open(), new FoundDamage(List.of())), new CatalogEvents());
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
        State before = state(running);
        List<State> between = new ArrayList<>();
        get(thread.change(() -> {
            thread.commit(tables -> {
                between.add(stateOrFail(running));
                change.run(tables);
            });
            return true;
        }));
        assertEquals(2, between.size(), "files that a change is made in");
        State after = state(running);
        addMixtures(what + " in the first file", before, between.getLast(), before, after);
        add(what + " between the files", between.getLast(), after);
        addMixtures(what + " in the second file", between.getLast(), after, after);
        add(what + " made", after, after);
    }

    private void cutCheckpoints(String what, Path running) throws IOException, SQLException {
        for (String file : FILES) {
            State before = state(running);
            try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + running.resolve(file));
                    Statement statement = connection.createStatement()) {
                statement.execute("PRAGMA wal_checkpoint(PASSIVE)");
            }
            State after = state(running);
            assertFalse(Arrays.equals(before.bytes(file), after.bytes(file)), "nothing was brought into " + file);
            addMixtures(what + " of " + file, before, after, before);
        }
    }

    /** Between two states: the first sectors of what was written, and as often any of them. */
    private void addMixtures(String what, State before, State after, State... allowed) {
        for (String file : after.files().keySet()) {
            byte[] old = before.bytes(file);
            byte[] fresh = after.bytes(file);
            for (int sector : changedSectors(old, fresh)) {
                byte[] cut = mixture(old, fresh, at -> at <= sector);
                add("%s, %s cut at sector %d".formatted(what, file, sector), before.with(file, cut), allowed);
                byte[] torn = mixture(old, fresh, _ -> random.nextBoolean());
                add("%s, %s torn (%d)".formatted(what, file, sector), before.with(file, torn), allowed);
            }
        }
    }

    private static int[] changedSectors(byte[] old, byte[] fresh) {
        return Stream.iterate(0, sector -> sector * SECTOR_BYTES < fresh.length, sector -> sector + 1)
                .mapToInt(sector -> sector)
                .filter(sector -> !Arrays.equals(sector(old, sector), sector(fresh, sector)))
                .toArray();
    }

    private static byte[] sector(byte[] bytes, int sector) {
        int from = Math.min(sector * SECTOR_BYTES, bytes.length);
        return Arrays.copyOfRange(bytes, from, Math.min(from + SECTOR_BYTES, bytes.length));
    }

    /** What was not written is as it was, or zeros where the file was shorter. */
    private static byte[] mixture(byte[] old, byte[] fresh, IntPredicate isFresh) {
        byte[] mixed = Arrays.copyOf(old, Math.max(old.length, fresh.length));
        int end = old.length;
        for (int sector = 0; sector * SECTOR_BYTES < fresh.length; sector++) {
            if (isFresh.test(sector)) {
                byte[] written = sector(fresh, sector);
                System.arraycopy(written, 0, mixed, sector * SECTOR_BYTES, written.length);
                end = Math.max(end, sector * SECTOR_BYTES + written.length);
            }
        }
        return Arrays.copyOf(mixed, end);
    }

    private void add(String where, State disk, State... allowed) {
        crashes.add(new Crash("seed %d, %s".formatted(seed, where), disk, List.of(allowed)));
    }

    private void verifySample(String what) throws IOException {
        System.out.printf("seed %d%n", seed);
        int stride = Math.max(1, crashes.size() / CRASHES);
        int cuts = 0;
        for (int i = Math.floorMod(seed, stride); i < crashes.size(); i += stride) {
            verify(crashes.get(i));
            cuts++;
        }
        System.out.printf("%d cuts of %d in %s: nothing lost%n", cuts, crashes.size(), what);
    }

    private void verify(Crash crash) throws IOException {
        List<Object> found;
        try {
            found = content(crash.disk());
        } catch (IOException refusal) {
            throw new AssertionError(crash.where(), refusal);
        }
        for (State state : crash.allowed()) {
            if (found.equals(contentOf(state))) {
                return;
            }
        }
        throw new AssertionError("%s: found %s".formatted(crash.where(), found));
    }

    private List<Object> contentOf(State state) throws IOException {
        List<Object> known = contents.get(state);
        if (known == null) {
            known = content(state);
            contents.put(state, known);
        }
        return known;
    }

    /** Everything that a catalog answers which is opened on these files, the second time from the second file alone. */
    private List<Object> content(State disk) throws IOException {
        Path crashed = directory.resolve("crashed");
        empty(crashed);
        for (Map.Entry<String, byte[]> file : disk.files().entrySet()) {
            Files.write(crashed.resolve(file.getKey()), file.getValue());
        }
        List<Object> content = content(crashed);
        Files.delete(crashed.resolve(CatalogFiles.NAME));
        assertEquals(content, content(crashed), "the second file");
        return content;
    }

    private static List<Object> content(Path crashed) throws IOException {
        try (SqliteCatalog catalog = SqliteCatalog.open(crashed)) {
            List<Object> content = new ArrayList<>(get(catalog.allCollections()));
            for (Collection collection : get(catalog.allCollections())) {
                content.add(get(catalog.manifest(collection.id())));
            }
            for (String tenant : List.of(Tenant.DEFAULT, "Acme & Söhne")) {
                content.addAll(get(catalog.databases(tenant, 100, 0)));
            }
            boolean isYoungThere = Boolean.TRUE.equals(
                    catalog.tenant("young").hasElement().onErrorReturn(false).block());
            content.add(isYoungThere);
            if (isYoungThere) {
                content.add(catalog.quota(new QuotaScope.OfTenant("young")));
            }
            return content;
        }
    }

    private static State stateOrFail(Path running) {
        try {
            return state(running);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Without what SQLite shares among its connections: it is made anew by the first. */
    private static State state(Path running) throws IOException {
        Map<String, byte[]> files = new HashMap<>();
        try (Stream<Path> names = Files.list(running)) {
            for (Path file : names.toList()) {
                if (!file.toString().endsWith("-shm")) {
                    files.put(file.getFileName().toString(), Files.readAllBytes(file));
                }
            }
        }
        return new State(files);
    }

    private static void empty(Path crashed) throws IOException {
        Files.createDirectories(crashed);
        try (Stream<Path> names = Files.list(crashed)) {
            for (Path file : names.toList()) {
                Files.delete(file);
            }
        }
    }
}

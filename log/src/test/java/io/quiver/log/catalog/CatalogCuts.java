package io.quiver.log.catalog;

import static io.quiver.log.catalog.Answers.get;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntPredicate;
import java.util.stream.Stream;

/**
 * Ends of a process or of power at steps of a catalog's files, and what a catalog must then open as. A step that was
 * cut is a mixture of the states before and after it: the first sectors of what it wrote, as a kill leaves them, or
 * any, as a power cut does before they are forced. Looks at a sample, with a printed seed;
 * {@code -Dquiver.crashes=100000} looks at all.
 */
final class CatalogCuts {
    static final int SECTOR_BYTES = 512;

    private static final int CRASHES = Integer.getInteger("quiver.crashes", 60);

    final Random random;
    private final Path crashed;
    private final long seed = Long.getLong("quiver.seed", System.nanoTime());
    private final List<Crash> crashes = new ArrayList<>();
    private final Map<CatalogState, List<Object>> contents = new HashMap<>();

    /** @param crashed directory in which they are opened */
    CatalogCuts(Path crashed) {
        this.crashed = crashed;
        this.random = new Random(seed);
    }

    /** What lies on the disk, and the states of which it must open as one. */
    private record Crash(String where, CatalogState disk, List<CatalogState> allowed) {}

    void add(String where, CatalogState disk, CatalogState... allowed) {
        crashes.add(new Crash("seed %d, %s".formatted(seed, where), disk, List.of(allowed)));
    }

    void verifySample(String what) throws IOException {
        verifyEach(Math.max(1, crashes.size() / CRASHES), what);
    }

    void verifyAll(String what) throws IOException {
        verifyEach(1, what);
    }

    private void verifyEach(int stride, String what) throws IOException {
        System.out.printf("seed %d%n", seed);
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
        for (CatalogState state : crash.allowed()) {
            if (found.equals(contentOf(state))) {
                return;
            }
        }
        throw new AssertionError("%s: found %s".formatted(crash.where(), found));
    }

    private List<Object> contentOf(CatalogState state) throws IOException {
        List<Object> known = contents.get(state);
        if (known == null) {
            known = content(state);
            contents.put(state, known);
        }
        return known;
    }

    /** Everything that a catalog answers which is opened on these files, the second time from the second file alone. */
    private List<Object> content(CatalogState disk) throws IOException {
        disk.putInto(crashed);
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
            for (String tenant : List.of("young", "in-doubt")) {
                boolean isThere = Boolean.TRUE.equals(
                        catalog.tenant(tenant).hasElement().onErrorReturn(false).block());
                content.add(isThere ? catalog.quota(new QuotaScope.OfTenant(tenant)) : "no tenant");
            }
            return content;
        }
    }

    /** Between two states: the first sectors of what was written, and as often any of them. */
    void addMixtures(String what, CatalogState before, CatalogState after, CatalogState... allowed) {
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
}

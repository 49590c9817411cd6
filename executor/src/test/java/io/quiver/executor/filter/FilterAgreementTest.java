package io.quiver.executor.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quiver.executor.index.RowSet;
import io.quiver.executor.query.Filter;
import io.quiver.log.storage.DiskStorage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.BitSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The two indexes accept exactly the rows that the matcher accepts. */
class FilterAgreementTest {
    private static final int ROWS = 300;
    private static final int FILTERS = 6_000;

    @TempDir
    Path directory;

    @Test
    void deltaAndSealedIndexesAcceptWhatTheMatcherAccepts() throws IOException {
        agree(System.nanoTime(), MetadataTerms.POINT_KEYS_MAX, FILTERS);
    }

    @Test
    void keysWithoutOrdinalsAreFoundToo() throws IOException {
        agree(System.nanoTime(), 2, FILTERS / 10);
    }

    private void agree(long seed, int pointKeysMax, int filterCount) throws IOException {
        System.out.println("FilterAgreementTest seed " + seed);
        RandomFilters random = new RandomFilters(seed);
        ListedRows rows = rows(random);
        DiskStorage storage = DiskStorage.open(directory);
        write(rows, storage, pointKeysMax);
        DeltaFilterIndex delta = new DeltaFilterIndex(rows);
        try (SealedFilterIndex sealed = SealedFilterIndex.open(storage, "index", rows)) {
            for (int i = 0; i < filterCount; i++) {
                Filter filter = random.filter(3);
                BitSet expected = brute(filter, rows, ROWS);
                assertEquals(expected, bits(sealed.rows(filter, ROWS)), () -> "sealed, seed " + seed + ": " + filter);
                assertEquals(
                        brute(filter, rows, ROWS / 2),
                        bits(delta.rows(filter, ROWS / 2)),
                        () -> "half a delta, seed " + seed + ": " + filter);
                assertEquals(expected, bits(delta.rows(filter, ROWS)), () -> "delta, seed " + seed + ": " + filter);
            }
        }
    }

    private static ListedRows rows(RandomFilters random) {
        ListedRows rows = new ListedRows();
        for (int row = 0; row < ROWS; row++) {
            rows.with("id" + row, random.document(), random.metadata());
        }
        return rows;
    }

    private static void write(ListedRows rows, DiskStorage storage, int pointKeysMax) throws IOException {
        try (FilterIndexWriter writer = new FilterIndexWriter(storage, "index", Indexed.EVERYTHING, pointKeysMax, 1)) {
            for (int row = 0; row < rows.count(); row++) {
                writer.add(row, rows.document(row), rows.metadata(row));
            }
            writer.finish();
        }
    }

    private static BitSet brute(Filter filter, ListedRows rows, int rowCount) {
        FilterMatcher matcher = FilterMatcher.compile(filter);
        BitSet accepted = new BitSet();
        for (int row = 0; row < rowCount; row++) {
            accepted.set(row, matcher.accepts(rows.id(row), rows.metadata(row), rows.document(row)));
        }
        return accepted;
    }

    private static BitSet bits(RowSet rows) {
        BitSet bits = new BitSet();
        for (int row = rows.next(0); row >= 0; row = rows.next(row + 1)) {
            bits.set(row);
        }
        return bits;
    }
}

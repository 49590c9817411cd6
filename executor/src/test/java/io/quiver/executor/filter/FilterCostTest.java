package io.quiver.executor.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.executor.query.Filter;
import io.quiver.executor.query.Filter.And;
import io.quiver.executor.query.Filter.Compares;
import io.quiver.executor.query.Filter.Comparison;
import io.quiver.executor.query.Filter.DocumentContains;
import io.quiver.executor.query.Filter.DocumentMatches;
import io.quiver.executor.query.Filter.Equals;
import io.quiver.log.record.MetadataValue.Int;
import io.quiver.log.record.MetadataValue.Text;
import io.quiver.log.storage.DiskStorage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A sealed index looks at few of its 100,000 documents. */
class FilterCostTest {
    private static final int ROWS = 100_000;
    private static final int RARE = 40;

    @TempDir
    static Path directory;

    private static final ListedRows rows = new ListedRows();
    private static SealedFilterIndex index;

    @BeforeAll
    static void write() throws IOException {
        DiskStorage storage = DiskStorage.open(directory);
        Random random = new Random(1);
        try (FilterIndexWriter writer = new FilterIndexWriter(storage, "index", Indexed.EVERYTHING)) {
            for (int row = 0; row < ROWS; row++) {
                String rare = row % (ROWS / RARE) == 0 ? " quiver of arrows " : " ";
                rows.with("id" + row, words(random) + rare + words(random), "n", row, "color", "c" + row % 100);
                writer.add(row, rows.document(row), rows.metadata(row));
            }
            writer.finish();
        }
        index = SealedFilterIndex.open(storage, "index", rows);
    }

    @AfterAll
    static void close() throws IOException {
        index.close();
    }

    @Test
    void metadataAreDecidedWithoutLookingAtRecords() {
        assertCost(0, ROWS / 100, new Equals("color", new Text("c7")));
        assertCost(0, ROWS / 2, new Compares("n", Comparison.LESS, new Int(ROWS / 2)));
    }

    @Test
    void aTextIsLookedForInItsCandidatesAlone() {
        assertCost(RARE * 2, RARE, new DocumentContains("quiver of arrows"));
        assertCost(0, 0, new DocumentContains("quivers of arrows"));
    }

    @Test
    void aShortTextNeedsNoLook() {
        assertCost(0, RARE, new DocumentContains("qu"));
        assertCost(0, RARE, new DocumentContains("qui"));
    }

    @Test
    void anExpressionIsMatchedWhereItsTextIs() {
        assertCost(RARE * 2, RARE, new DocumentMatches("quiver\\s+(of|for) arr[aeiou]ws"));
        assertCost(RARE * 2, RARE, new DocumentMatches("(?i)QUIVER"));
        assertCost(RARE * 2, RARE, new DocumentMatches("quivers|arrows"));
    }

    @Test
    void documentsAreLookedAtAfterEverythingElse() {
        Filter anything = new DocumentMatches("[xyz]");
        assertCost(10, 0, new And(List.of(anything, new Compares("n", Comparison.LESS, new Int(10)))));
    }

    @Test
    void guessesHowManyRowsAFilterAcceptsWithoutALook() {
        assertEstimate(0.01, 0.0001, new Equals("color", new Text("c7")));
        assertEstimate(0.5, 0.01, new Compares("n", Comparison.LESS, new Int(ROWS / 2)));
        assertEstimate(0, 0.01, new Equals("n", new Int(-1)));
        assertEstimate((double) RARE / ROWS, 0.0001, new DocumentContains("quiver of arrows"));
        assertEstimate(0, 0, new DocumentContains("quivers"));
        assertEstimate(2.0 * RARE / ROWS, 0.0001, new DocumentMatches("quiver|arrows"));
        assertEstimate(1, 0, new DocumentMatches("[xyz]"));
        assertEstimate(0.99, 0.001, new Filter.Not(new Equals("color", new Text("c7"))));
        assertEstimate(
                0.005,
                0.0005,
                new And(List.of(
                        new Equals("color", new Text("c7")), new Compares("n", Comparison.LESS, new Int(ROWS / 2)))));
    }

    private static void assertEstimate(double share, double delta, Filter filter) {
        rows.documentsRead.set(0);
        rows.metadataRead.set(0);
        assertEquals(share, index.estimatedSelectivity(filter, ROWS), delta);
        assertEquals(0, rows.documentsRead.get() + rows.metadataRead.get());
    }

    @Test
    void whoHasNoTimeLeftIsNotHeldUp() {
        rows.documentsRead.set(0);
        Filter anything = new DocumentMatches("[a-p]+[^a-p]+$");
        AtomicInteger asked = new AtomicInteger();
        assertThrows(
                FilterStoppedException.class, () -> index.rows(anything, ROWS, () -> asked.incrementAndGet() == 100));
        assertTrue(rows.documentsRead.get() <= 100 * 16, () -> "documents looked at: " + rows.documentsRead.get());
        assertTrue(index.rows(anything, ROWS).count() > 0, "what was stopped was remembered");
    }

    private static void assertCost(int documentsMax, int matches, Filter filter) {
        rows.documentsRead.set(0);
        rows.metadataRead.set(0);
        assertEquals(matches, index.rows(filter, ROWS).count());
        assertEquals(0, rows.metadataRead.get());
        assertTrue(rows.documentsRead.get() <= documentsMax, () -> "documents looked at: " + rows.documentsRead.get());
    }

    /** Words without x, y, z and q. */
    private static String words(Random random) {
        StringBuilder words = new StringBuilder();
        for (int i = 0; i < 60; i++) {
            words.append(random.nextInt(6) == 0 ? ' ' : (char) ('a' + random.nextInt(16)));
        }
        return words.toString();
    }
}

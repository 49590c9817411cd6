package io.quiver.executor.filter;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.executor.query.Filter;
import io.quiver.executor.query.Filter.Compares;
import io.quiver.executor.query.Filter.Comparison;
import io.quiver.executor.query.Filter.DocumentContains;
import io.quiver.executor.query.Filter.Equals;
import io.quiver.log.record.Metadata;
import io.quiver.log.record.MetadataValue;
import io.quiver.log.record.MetadataValue.Int;
import io.quiver.log.record.MetadataValue.Text;
import io.quiver.log.storage.SimulatedStorage;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SealedFilterIndexTest {
    private static final String DIRECTORY = "segments/filters";

    private final SimulatedStorage storage = new SimulatedStorage();
    private final ListedRows rows = new ListedRows()
            .with("a", "hello world", "k", 1, "s", "x")
            .with("b", "foo bar", "k", 2.5, "s", "y")
            .with("c", null);

    @Test
    void anEmptyIndexAcceptsNothing() throws IOException {
        write(new ListedRows());
        try (SealedFilterIndex index = SealedFilterIndex.open(storage, DIRECTORY, new ListedRows())) {
            assertEquals(0, index.rowCount());
            assertEquals(0, index.rows(Filter.ALL, 0).count());
            index.verify();
        }
    }

    @Test
    void isOneFileOfDataAndHoldsWhatWasForced() throws IOException {
        write(rows);
        SimulatedStorage survivor = storage.crash();
        assertEquals(List.of("_0.cfe", "_0.cfs", "_0.si", "segments_1"), survivor.list(DIRECTORY));
        try (SealedFilterIndex index = SealedFilterIndex.open(survivor, DIRECTORY, rows)) {
            index.verify();
            assertEquals(1, index.rows(new Equals("k", new Int(1)), 3).count());
            assertTrue(index.sizeBytes() > 0);
        }
    }

    @Test
    void mergedPartsKeepTheOrderOfRows() throws IOException {
        ListedRows many = new ListedRows();
        String filler = "lorem ipsum dolor sit amet, consetetur sadipscing elitr ".repeat(4);
        for (int row = 0; row < 20_000; row++) {
            many.with("id" + row, null, "n", row, "text", filler + row);
        }
        try (FilterIndexWriter writer =
                new FilterIndexWriter(storage, DIRECTORY, Indexed.EVERYTHING, MetadataTerms.POINT_KEYS_MAX, 1)) {
            add(writer, many);
        }
        assertFalse(storage.list(DIRECTORY).contains("_0.cfs"), "there was but one part");
        try (SealedFilterIndex index = SealedFilterIndex.open(storage, DIRECTORY, many)) {
            for (int row = 0; row < many.count(); row += 97) {
                Filter same = new Filter.And(
                        List.of(new Equals("n", new Int(row)), new Equals("text", new Text(filler + row))));
                assertEquals(row, index.rows(same, many.count()).next(0));
            }
        }
    }

    @Test
    void fewerRowsMayBeAskedForButNotMore() throws IOException {
        write(rows);
        try (SealedFilterIndex index = SealedFilterIndex.open(storage, DIRECTORY, rows)) {
            assertEquals(1, index.rows(Filter.ALL, 1).count());
            assertThrows(IllegalArgumentException.class, () -> index.rows(Filter.ALL, 4));
        }
    }

    @Test
    void remembersAnswers() throws IOException {
        write(rows);
        try (SealedFilterIndex index = SealedFilterIndex.open(storage, DIRECTORY, rows)) {
            Filter filter = new DocumentContains("world");
            assertSame(index.rows(filter, 3), index.rows(new DocumentContains("world"), 3));
        }
    }

    @Test
    void anIndexThatWasNotFinishedLeavesNothing() throws IOException {
        try (FilterIndexWriter writer = new FilterIndexWriter(storage, DIRECTORY, Indexed.EVERYTHING)) {
            writer.add(0, "hello", Metadata.EMPTY);
            assertThrows(IllegalArgumentException.class, () -> writer.add(2, "hello", Metadata.EMPTY));
        }
        assertEquals(List.of(), storage.list("segments"));
    }

    @Test
    void aFailureOfTheStorageReachesTheCallerAndLeavesNothing() throws IOException {
        write(rows);
        long calls = storage.callCount();
        for (long failing = 2; failing <= calls; failing++) {
            long number = failing;
            SimulatedStorage faulty = new SimulatedStorage();
            faulty.fail(SimulatedStorage.Fault.INPUT_OUTPUT, call -> call.number() == number);
            try {
                write(faulty, rows);
            } catch (IOException _) {
                faulty.heal();
                assertEquals(List.of(), faulty.list(DIRECTORY), "after call " + failing);
                continue;
            }
            try (SealedFilterIndex index = SealedFilterIndex.open(faulty.crash(), DIRECTORY, rows)) {
                assertDoesNotThrow(index::verify);
            }
        }
    }

    @Test
    void aDamagedByteIsFound() throws IOException {
        write(rows);
        byte[] sound = storage.bytes(DIRECTORY + "/_0.cfs");
        for (int at = 0; at < sound.length; at += 3) {
            byte[] damaged = sound.clone();
            damaged[at] ^= 0x10;
            storage.overwrite(DIRECTORY + "/_0.cfs", damaged);
            int place = at;
            assertThrows(IOException.class, this::verify, () -> "byte " + place);
        }
    }

    @Test
    void aRowMayHaveAThousandKeys() throws IOException {
        ListedRows wide = new ListedRows();
        for (int row = 0; row < 200; row++) {
            Map<String, MetadataValue> fields = new HashMap<>();
            for (int key = 0; key < 1_024; key++) {
                fields.put("key" + (row % 10 * 1_024 + key), new Int(row));
            }
            wide.with("id" + row, null, new Metadata(fields));
        }
        write(wide);
        try (SealedFilterIndex index = SealedFilterIndex.open(storage, DIRECTORY, wide)) {
            assertEquals(
                    20,
                    index.rows(new Compares("key0", Comparison.LESS, new Int(1_000)), 200)
                            .count());
            assertEquals(
                    10,
                    index.rows(new Compares("key1500", Comparison.LESS, new Int(100)), 200)
                            .count());
        }
    }

    private void verify() throws IOException {
        try (SealedFilterIndex index = SealedFilterIndex.open(storage, DIRECTORY, rows)) {
            index.verify();
        }
    }

    private void write(ListedRows written) throws IOException {
        write(storage, written);
    }

    private static void write(SimulatedStorage target, ListedRows written) throws IOException {
        try (FilterIndexWriter writer = new FilterIndexWriter(target, DIRECTORY, Indexed.EVERYTHING)) {
            add(writer, written);
        }
    }

    private static void add(FilterIndexWriter writer, ListedRows written) throws IOException {
        for (int row = 0; row < written.count(); row++) {
            writer.add(row, written.document(row), written.metadata(row));
        }
        writer.finish();
    }
}

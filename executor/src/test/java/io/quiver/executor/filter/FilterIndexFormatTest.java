package io.quiver.executor.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quiver.executor.index.GoldenFile;
import io.quiver.executor.query.Filter;
import io.quiver.executor.query.Filter.ArrayContains;
import io.quiver.executor.query.Filter.Compares;
import io.quiver.executor.query.Filter.Comparison;
import io.quiver.executor.query.Filter.DocumentContains;
import io.quiver.executor.query.Filter.Equals;
import io.quiver.log.record.MetadataValue.Bool;
import io.quiver.log.record.MetadataValue.Int;
import io.quiver.log.record.MetadataValue.Real;
import io.quiver.log.record.MetadataValue.Text;
import io.quiver.log.storage.SimulatedStorage;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Indexes of every form that was ever written open for ever: the files are those of then. */
class FilterIndexFormatTest {
    private static final List<String> FILES = List.of("_0.cfe", "_0.cfs", "_0.si", "segments_1");

    private final ListedRows rows = new ListedRows()
            .with("a", "hello world", "k", 1, "s", "x", "t", List.of("p", "q"))
            .with("b", "foo bar", "k", 2.5, "s", "y".repeat(300), "b", true)
            .with("c", null);

    @Test
    void aSampleOfVersion1Opens() throws IOException {
        SimulatedStorage storage = new SimulatedStorage();
        storage.createDirectories("v1");
        for (String file : FILES) {
            storage.overwrite("v1/" + file, sample(file));
        }
        try (SealedFilterIndex index = SealedFilterIndex.open(storage, "v1", rows)) {
            index.verify();
            assertEquals(3, index.rowCount());
            assertFinds(index, 0, new Equals("k", new Real(1.0)));
            assertFinds(index, 1, new Compares("k", Comparison.GREATER, new Int(1)));
            assertFinds(index, 1, new Equals("s", new Text("y".repeat(300))));
            assertFinds(index, 1, new Equals("b", new Bool(true)));
            assertFinds(index, 0, new ArrayContains("t", new Text("q")));
            assertFinds(index, 0, new DocumentContains("lo wo"));
            assertFinds(index, 2, new Filter.Not(new DocumentContains("")));
        }
    }

    private static void assertFinds(SealedFilterIndex index, int row, Filter filter) {
        assertEquals(row, index.rows(filter, 3).next(0), filter::toString);
        assertEquals(1, index.rows(filter, 3).count(), filter::toString);
    }

    private static byte[] sample(String file) {
        return GoldenFile.bytes("/io/quiver/executor/filter/filters-v1/" + file);
    }
}

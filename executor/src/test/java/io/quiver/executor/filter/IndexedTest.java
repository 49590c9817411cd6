package io.quiver.executor.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.quiver.executor.query.Filter;
import io.quiver.log.catalog.Database;
import io.quiver.log.catalog.NewCollection;
import io.quiver.log.catalog.Schema;
import io.quiver.log.catalog.Tenant;
import io.quiver.log.record.MetadataValue.Array;
import io.quiver.log.record.MetadataValue.Bool;
import io.quiver.log.record.MetadataValue.Int;
import io.quiver.log.record.MetadataValue.Real;
import io.quiver.log.record.MetadataValue.Text;
import io.quiver.log.storage.SimulatedStorage;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class IndexedTest {
    private static final int ROWS = 2_000;

    private final SimulatedStorage storage = new SimulatedStorage();

    /** Without the key's texts, floats and documents. */
    private static Schema sparing() throws IOException {
        String json = """
                {"defaults":{"bool":{"bool_inverted_index":{"enabled":false,"config":{}}}},
                 "keys":{"k":{"string":{"string_inverted_index":{"enabled":false,"config":{}}},
                              "float":{"float_inverted_index":{"enabled":false,"config":{}}}},
                         "#document":{"string":{"fts_index":{"enabled":false,"config":{}}}}}}""";
        return NewCollection.read(
                        Tenant.DEFAULT, Database.DEFAULT, "some", null, new ObjectMapper().readTree(json), null)
                .schema();
    }

    @Test
    void isWhatTheSchemaSays() throws IOException {
        Indexed indexed = Indexed.by(sparing());
        assertFalse(indexed.documents());
        assertFalse(indexed.has("k", new Text("x")));
        assertFalse(indexed.has("k", new Array(List.of(new Text("x")))));
        assertFalse(indexed.has("other", new Bool(true)));
        assertTrue(indexed.has("other", new Text("x")));
        assertTrue(Indexed.EVERYTHING.documents() && Indexed.EVERYTHING.has("k", new Bool(true)));
    }

    /** A filter by the int 1 accepts the float 1.0 too, which must be found then. */
    @Test
    void numbersOfOneKindNeedThoseOfTheOther() throws IOException {
        assertTrue(Indexed.by(sparing()).has("k", new Real(1)));
        assertTrue(Indexed.by(sparing()).has("k", new Int(1)));
    }

    @Test
    void whatIsNotIndexedTakesNoRoomAndTheRestIsFound() throws IOException {
        ListedRows rows = new ListedRows();
        for (int row = 0; row < ROWS; row++) {
            rows.with("id" + row, "a document of its own: " + Math.sqrt(row), "k", "text " + row * 31, "n", row);
        }
        try (SealedFilterIndex all = written("all", rows, Indexed.EVERYTHING);
                SealedFilterIndex some = written("some", rows, Indexed.by(sparing()))) {
            assertTrue(some.sizeBytes() < all.sizeBytes() / 2, "more than half of the room is taken");
            Filter filter = new Filter.Compares("n", Filter.Comparison.LESS, new Int(77));
            assertEquals(77, some.rows(filter, ROWS).count());
            assertEquals(ROWS - 77, some.rows(new Filter.Not(filter), ROWS).count());
        }
    }

    private SealedFilterIndex written(String directory, ListedRows rows, Indexed indexed) throws IOException {
        try (FilterIndexWriter writer = new FilterIndexWriter(storage, directory, indexed)) {
            for (int row = 0; row < rows.count(); row++) {
                writer.add(row, rows.document(row), rows.metadata(row));
            }
            writer.finish();
        }
        return SealedFilterIndex.open(storage, directory, rows);
    }
}

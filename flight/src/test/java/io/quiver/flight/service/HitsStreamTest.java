package io.quiver.flight.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.executor.query.Hits;
import io.quiver.executor.query.Projection;
import io.quiver.flight.FlightMemory;
import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.LogOffset;
import io.quiver.log.record.QuiverException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.junit.jupiter.api.Test;

class HitsStreamTest {
    private static final Projection DISTANCES = new Projection(false, false, false, false, true);

    @Test
    void isReadByArrowsOwnReader() throws IOException {
        byte[] stream = write(List.of(hits(List.of("a", "b"), 0.5f, 2), hits(List.of())));
        try (RootAllocator allocator = new RootAllocator();
                ArrowStreamReader reader = new ArrowStreamReader(new ByteArrayInputStream(stream), allocator)) {
            assertTrue(reader.loadNextBatch());
            VectorSchemaRoot batch = reader.getVectorSchemaRoot();
            assertEquals(2, batch.getRowCount());
            assertEquals("[\"a\",\"b\"]", batch.getVector("ids").getObject(0).toString());
            assertEquals("[0.5,2.0]", batch.getVector("distances").getObject(0).toString());
            assertEquals("[]", batch.getVector("ids").getObject(1).toString());
            assertEquals(1L, batch.getVector("query_id").getObject(1));
            assertFalse(reader.loadNextBatch());
        }
    }

    @Test
    void refusesWhatIsForFlight() {
        List<String> ids = Collections.nCopies(100_000, "x".repeat(400));
        Hits many = hits(ids, new float[ids.size()]);
        var refusal = assertThrows(QuiverException.class, () -> write(List.of(many)));
        assertEquals(ErrorCode.PAYLOAD_TOO_LARGE, refusal.code());
    }

    private static byte[] write(List<Hits> hits) {
        try (FlightMemory memory = FlightMemory.limitedTo(256L << 20);
                HitsStream arrow = new HitsStream(memory)) {
            return arrow.write(hits, DISTANCES, false, 3);
        }
    }

    private static Hits hits(List<String> ids, float... distances) {
        return new Hits(new LogOffset(1), ids.size(), false, ids, distances, null, null, null, null);
    }
}

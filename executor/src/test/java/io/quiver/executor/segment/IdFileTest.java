package io.quiver.executor.segment;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quiver.executor.index.Metric;
import io.quiver.log.record.VectorRecord;
import io.quiver.log.storage.SimulatedStorage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class IdFileTest {
    private static final UUID NAME = UUID.fromString("11111111-2222-4333-8444-555555555555");

    private final OffHeapBudget budget = new OffHeapBudget(1 << 30);

    /** From the reference implementation: key 00 01 .. 0f, input 00 01 .. 0e. */
    @Test
    void hashesAsSipHashDoes() {
        byte[] input = new byte[15];
        for (int i = 0; i < input.length; i++) {
            input[i] = (byte) i;
        }
        assertEquals(0xa129ca6149be45e5L, IdHash.sipHash(0x0706050403020100L, 0x0f0e0d0c0b0a0908L, input));
    }

    @Test
    void tellsIdsOfOneHashApart() throws IOException {
        List<String> alike = idsOfOneHash();
        SimulatedStorage storage = new SimulatedStorage();
        List<VectorRecord> records = new ArrayList<>();
        records.add(Records.record("other", 0));
        records.add(Records.record(alike.get(0), 1));
        records.add(Records.record(alike.get(1), 2));
        var entry = SegmentFixture.write(storage, NAME, Metric.SQUARED_L2, records, budget);
        SealedSegment both = SegmentFixture.open(storage, Metric.SQUARED_L2, 1, entry, budget);
        assertEquals(1, both.rowOf(alike.get(0)));
        assertEquals(2, both.rowOf(alike.get(1)));
        both.release();

        SimulatedStorage second = new SimulatedStorage();
        entry = SegmentFixture.write(second, NAME, Metric.SQUARED_L2, records.subList(0, 2), budget);
        SealedSegment one = SegmentFixture.open(second, Metric.SQUARED_L2, 1, entry, budget);
        assertEquals(1, one.rowOf(alike.get(0)));
        assertEquals(-1, one.rowOf(alike.get(1)));
        one.release();
    }

    /** Sizes around those at which the number of buckets changes. */
    @Test
    void findsEveryIdInSegmentsOfAnySize() throws IOException {
        for (int rowCount : new int[] {1, 7, 8, 9, 15, 16, 17, 64, 1_000, 20_000}) {
            SimulatedStorage storage = new SimulatedStorage();
            List<VectorRecord> records = new ArrayList<>();
            for (int row = 0; row < rowCount; row++) {
                records.add(Records.record("记录-" + row, row));
            }
            var entry = SegmentFixture.write(storage, NAME, Metric.SQUARED_L2, records, budget);
            SealedSegment sealed = SegmentFixture.open(storage, Metric.SQUARED_L2, 1, entry, budget);
            for (int row = 0; row < rowCount; row++) {
                assertEquals(row, sealed.rowOf("记录-" + row));
                assertEquals(-1, sealed.rowOf("記録-" + row));
            }
            sealed.release();
        }
        assertEquals(0, budget.usedBytes());
    }

    private static List<String> idsOfOneHash() {
        Map<Long, String> seen = new HashMap<>();
        for (int i = 0; ; i++) {
            String id = "id-" + i;
            String before = seen.put(IdHash.of(NAME, id.getBytes(StandardCharsets.UTF_8)), id);
            if (before != null) {
                return List.of(before, id);
            }
        }
    }
}

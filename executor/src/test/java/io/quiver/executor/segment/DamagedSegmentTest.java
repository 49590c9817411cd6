package io.quiver.executor.segment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.fail;

import io.quiver.executor.index.Metric;
import io.quiver.log.catalog.Manifest;
import io.quiver.log.record.LogOffset;
import io.quiver.log.record.VectorRecord;
import io.quiver.log.storage.SimulatedStorage;
import io.quiver.log.storage.Storage;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whatever happens to a byte of a segment, it is found before it is believed. */
class DamagedSegmentTest {
    private static final UUID NAME = UUID.fromString("11111111-2222-4333-8444-555555555555");
    private static final int DIMENSION = 3;

    private final OffHeapBudget budget = new OffHeapBudget(1 << 30);
    private final SimulatedStorage storage = new SimulatedStorage();
    private Manifest.Segment entry;

    @BeforeEach
    void writeSegment() throws IOException {
        List<VectorRecord> records = Records.random(new Random(7), 20, DIMENSION, 0);
        Manifest.Segment written = SegmentFixture.write(storage, NAME, Metric.COSINE, records, budget);
        SealedSegment sealed = SegmentFixture.open(storage, Metric.COSINE, DIMENSION, written, budget);
        sealed.tombstones().end(3, new LogOffset(5));
        sealed.tombstones().end(17, new LogOffset(6));
        String tombstones =
                TombstoneFile.write(storage, SegmentFixture.DIRECTORY, NAME, sealed.tombstones(), sealed.rowCount(), 6);
        sealed.release();
        entry = new Manifest.Segment(written.name(), written.rowCount(), written.sizeBytes(), tombstones, 2);
        assertEquals("whole", judge(storage));
    }

    @Test
    void isFoundWhicheverByteIsFlipped() throws IOException {
        Random random = new Random(11);
        for (String path : files(SegmentFixture.DIRECTORY)) {
            byte[] whole = storage.bytes(path);
            SimulatedStorage damaged = storage.copy();
            for (int i = 0; i < whole.length; i++) {
                byte[] bytes = whole.clone();
                bytes[i] ^= (byte) (1 + random.nextInt(255));
                damaged.overwrite(path, bytes);
                assertEquals("damaged", judge(damaged), path + ", byte " + i);
            }
        }
        assertEquals(0, budget.usedBytes());
    }

    @Test
    void isFoundWhereverAFileIsCut() throws IOException {
        for (String path : files(SegmentFixture.DIRECTORY)) {
            byte[] whole = storage.bytes(path);
            SimulatedStorage damaged = storage.copy();
            for (int length = 0; length < whole.length; length++) {
                damaged.overwrite(path, Arrays.copyOf(whole, length));
                assertEquals("damaged", judge(damaged), path + ", cut at " + length);
            }
            damaged.overwrite(path, Arrays.copyOf(whole, whole.length + 1));
            assertEquals("damaged", judge(damaged), path + ", one byte longer");
        }
    }

    @Test
    void isFoundWhereAFileIsMissingOrFromAnotherSegment() throws IOException {
        SimulatedStorage other = new SimulatedStorage();
        List<VectorRecord> records = Records.random(new Random(7), 20, DIMENSION, 0);
        SegmentFixture.write(other, UUID.randomUUID(), Metric.COSINE, records, budget);
        for (String path : files(SegmentFixture.DIRECTORY)) {
            SimulatedStorage damaged = storage.copy();
            damaged.delete(path);
            assertEquals("damaged", judge(damaged), path + " is missing");
            if (path.matches(".*\\.q[vnoris]")) {
                damaged.overwrite(path, other.bytes(path));
                assertEquals("damaged", judge(damaged), path + " of another segment");
            }
        }
    }

    @Test
    void isRefusedWithAReasonWhereTheFormatIsNewer() throws IOException {
        SimulatedStorage newer = storage.copy();
        String path = SegmentFixture.DIRECTORY + "/vectors.qv";
        byte[] bytes = newer.bytes(path);
        bytes[8] = 2;
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, FileHeader.BYTES - 4);
        MemorySegment.ofArray(bytes).set(LittleEndian.INT, FileHeader.BYTES - 4, (int) crc.getValue());
        newer.overwrite(path, bytes);
        var refusal = assertThrows(
                CorruptSegmentException.class,
                () -> SegmentFixture.open(newer, Metric.COSINE, DIMENSION, entry, budget));
        assertEquals(path + ": format version 2, where this server reads 1", refusal.getMessage());
    }

    private String judge(Storage storage) throws IOException {
        SealedSegment opened;
        try {
            opened = SegmentFixture.open(storage, Metric.COSINE, DIMENSION, entry, budget);
        } catch (CorruptSegmentException e) {
            return "damaged";
        }
        try {
            touchRecords(opened);
            opened.verify();
            return "whole";
        } catch (CorruptSegmentException e) {
            return "damaged";
        } catch (RuntimeException e) {
            return fail("an accident instead of a reason", e);
        } finally {
            opened.release();
        }
    }

    /** What only asks memory for records does not mind where they are said to begin. */
    private static void touchRecords(SealedSegment segment) {
        for (int row = 0; row < segment.rowCount(); row++) {
            segment.touch(row);
        }
    }

    private List<String> files(String directory) throws IOException {
        List<String> files = new ArrayList<>();
        for (String name : storage.list(directory)) {
            String path = directory + "/" + name;
            List<String> below = files(path);
            files.addAll(below.isEmpty() ? List.of(path) : below);
        }
        return files;
    }
}

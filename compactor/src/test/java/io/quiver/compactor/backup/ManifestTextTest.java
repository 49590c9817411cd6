package io.quiver.compactor.backup;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.compactor.backup.BackupManifest.Piece;
import io.quiver.compactor.backup.BackupManifest.SegmentFile;
import io.quiver.log.LogPiece;
import io.quiver.log.record.LogOffset;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The manifest of a backup of version 1, a sample of which must be read for ever; and what hostile ones may not say.
 */
class ManifestTextTest {
    private static final BackupId ID = new BackupId("20261121-151836-1a2b3c4d");
    private static final String SEGMENT = "6f1c2a4e-0b1d-4c3e-9f60-7a8b9c0d1e2f";
    private static final String COLLECTION = "0d5f0f0e-3c55-4c1a-8b7e-2b9c6d1e4a3f";

    private static final BackupManifest SAMPLE = new BackupManifest(
            ID,
            Instant.parse("2026-11-21T15:18:36.512Z"),
            BackupKind.INCREMENTAL,
            new LogOffset(42),
            new BackupId("20261121-141836-00000001"),
            2,
            new Content(24_576, 0x0badcafe),
            List.of(
                    new Piece(new LogPiece(3, -2, 0, 5_000, new LogOffset(11), new LogOffset(40)), 0x01020304),
                    new Piece(new LogPiece(3, -2, 5_000, 5_800, new LogOffset(41), new LogOffset(42)), -1)),
            List.of(file("vectors.qv", 1_052_672), file("tombstones-40.qt", 4_100), file("text/_0.cfs", 777)));

    private static SegmentFile file(String name, long sizeBytes) {
        return new SegmentFile(
                "segments/%s/%s/%s".formatted(COLLECTION, SEGMENT, name),
                Layout.segmentFile(SEGMENT, name, sizeBytes, 0x5eed),
                new Content(sizeBytes, 0x77777777));
    }

    @Test
    void theSampleOfVersion1IsReadAndWritten() throws IOException {
        byte[] golden = golden();
        assertEquals(SAMPLE, ManifestText.read(ID, golden));
        assertArrayEquals(golden, ManifestText.write(SAMPLE));
    }

    private static byte[] golden() throws IOException {
        try (InputStream in = ManifestTextTest.class.getResourceAsStream("/golden/backup-v1/sample.backup")) {
            return Objects.requireNonNull(in).readAllBytes();
        }
    }

    @Test
    void everyFlippedByteAndEveryCutIsFound() throws IOException {
        byte[] golden = golden();
        for (int at = 0; at < golden.length; at++) {
            byte[] flipped = golden.clone();
            flipped[at] ^= 1;
            assertThrows(CorruptBackupException.class, () -> ManifestText.read(ID, flipped), "byte " + at);
            byte[] cut = java.util.Arrays.copyOf(golden, at);
            assertThrows(CorruptBackupException.class, () -> ManifestText.read(ID, cut), "length " + at);
        }
    }

    @Test
    void anUnknownVersionIsRefusedAsSuch() throws IOException {
        String newer = new String(golden(), StandardCharsets.US_ASCII).replace("quiver-backup 1", "quiver-backup 2");
        var refusal = assertThrows(CorruptBackupException.class, () -> ManifestText.read(ID, sealed(newer)));
        assertTrue(String.valueOf(refusal.getMessage()).endsWith("a format version that this program does not know"));
    }

    /** The checksum is right: whoever can write a manifest can compute it. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "segments/../../../etc/passwd",
                "/etc/passwd",
                "segments/COLLECTION/SEGMENT/../../../x",
                "segments/COLLECTION/SEGMENT/..",
                "segments/COLLECTION/SEGMENT/text/../x",
                "segments/COLLECTION/SEGMENT/text/deeper/x",
                "segments/COLLECTION/SEGMENT/.hidden",
                "segments/COLLECTION/SEGMENT/a\\b",
                "segments/COLLECTION/x",
                "catalog.db",
                "log/0000000000000001.log",
                "lock",
            })
    void noFileCanBeWrittenElsewhere(String path) throws IOException {
        String hostile = path.replace("COLLECTION", COLLECTION).replace("SEGMENT", SEGMENT);
        String own = "segments/%s/%s/vectors.qv".formatted(COLLECTION, SEGMENT);
        String text = new String(golden(), StandardCharsets.US_ASCII).replace(own, hostile);
        assertThrows(CorruptBackupException.class, () -> ManifestText.read(ID, sealed(text)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../outside",
                "/etc/shadow",
                "segments/SEGMENT/../../../etc/shadow-1-00000000",
                "manifests/20261121-151836-1a2b3c4d.backup",
                "segments/SEGMENT/vectors.qv"
            })
    void noFileCanBeReadFromElsewhere(String path) throws IOException {
        String hostile = path.replace("SEGMENT", SEGMENT);
        String own = SAMPLE.files().getFirst().stored();
        String text = new String(golden(), StandardCharsets.US_ASCII).replace(own, hostile);
        assertThrows(CorruptBackupException.class, () -> ManifestText.read(ID, sealed(text)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "..",
                "../x",
                "20261121-151836-1a2b3c4d/..",
                "20261121-151836-1A2B3C4D",
                "20261121-151836-1a2b3c4d\n"
            })
    void noNameButAnIdNamesABackup(String text) {
        assertThrows(IllegalArgumentException.class, () -> new BackupId(text));
    }

    /** The same text with the checksum that it should have. */
    private static byte[] sealed(String text) {
        String body = text.substring(0, text.lastIndexOf("checksum "));
        CRC32C crc = new CRC32C();
        crc.update(body.getBytes(StandardCharsets.US_ASCII));
        return (body + "checksum %08x\n".formatted((int) crc.getValue())).getBytes(StandardCharsets.US_ASCII);
    }
}

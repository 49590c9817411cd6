package io.quiver.compactor.backup;

import io.quiver.compactor.backup.BackupManifest.Piece;
import io.quiver.compactor.backup.BackupManifest.SegmentFile;
import io.quiver.log.LogPiece;
import io.quiver.log.record.LogOffset;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A {@link BackupManifest} as text, format version 1: lines of words, each line ended by a line feed. Checksums are
 * CRC32C in 8 hexadecimal digits, file ids and salts hexadecimal, all else decimal. {@code docs/formats.md} shows one.
 */
final class ManifestText {
    private static final String FIRST_LINE = "quiver-backup 1";
    private static final String NONE = "-";
    private static final String CHECKSUM = "checksum ";
    private static final int HEX = 16;

    private final BackupId id;
    private final Map<String, String> facts = new HashMap<>();
    private final List<Piece> log = new ArrayList<>();
    private final List<SegmentFile> files = new ArrayList<>();

    private ManifestText(BackupId id) {
        this.id = id;
    }

    static byte[] write(BackupManifest manifest) {
        StringBuilder text = new StringBuilder(FIRST_LINE).append('\n');
        BackupId previous = manifest.previous();
        line(text, "id", manifest.id());
        line(text, "created", manifest.createdAt().toEpochMilli());
        line(text, "kind", manifest.kind().name().toLowerCase(Locale.ROOT));
        line(text, "offset", manifest.offset());
        line(text, "previous", previous == null ? NONE : previous);
        line(text, "collections", manifest.collections());
        line(text, "catalog", words(manifest.catalog()));
        manifest.log().forEach(piece -> line(text, "log", words(piece)));
        manifest.files()
                .forEach(file -> line(text, "file", words(file.content()) + " " + file.stored() + " " + file.path()));
        return sealed(text);
    }

    private static void line(StringBuilder text, String key, Object value) {
        text.append(key).append(' ').append(value).append('\n');
    }

    private static String words(Content content) {
        return "%d %08x".formatted(content.sizeBytes(), content.checksum());
    }

    private static String words(Piece stored) {
        LogPiece piece = stored.piece();
        return "%x %x %d %d %s %s %08x"
                .formatted(
                        piece.fileId(),
                        piece.salt(),
                        piece.from(),
                        piece.to(),
                        piece.first(),
                        piece.last(),
                        stored.checksum());
    }

    private static byte[] sealed(StringBuilder text) {
        int checksum = checksum(text.toString());
        return text.append(CHECKSUM)
                .append("%08x\n".formatted(checksum))
                .toString()
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static int checksum(String text) {
        CRC32C crc = new CRC32C();
        crc.update(text.getBytes(StandardCharsets.UTF_8));
        return (int) crc.getValue();
    }

    /** Reads what must be the manifest of that backup; trusts nothing in it. */
    static BackupManifest read(BackupId id, byte[] bytes) throws CorruptBackupException {
        try {
            return new ManifestText(id).read(new String(bytes, StandardCharsets.US_ASCII));
        } catch (IllegalArgumentException | IndexOutOfBoundsException | ArithmeticException damage) {
            throw new CorruptBackupException(Layout.manifest(id), String.valueOf(damage.getMessage()));
        }
    }

    private BackupManifest read(String text) {
        int sealAt = text.lastIndexOf(CHECKSUM);
        require(text.startsWith("quiver-backup "), "not the manifest of a backup");
        require(text.startsWith(FIRST_LINE + "\n"), "a format version that this program does not know");
        require(
                sealAt > 0
                        && text.substring(sealAt)
                                .equals(CHECKSUM + "%08x\n".formatted(checksum(text.substring(0, sealAt)))),
                "the checksum is wrong");
        text.substring(FIRST_LINE.length() + 1, sealAt).lines().forEach(this::readLine);
        require(fact("id").equals(id.text()), "it is that of backup " + fact("id"));
        return manifest();
    }

    private void readLine(String line) {
        String[] words = line.split(" ", 2);
        switch (words[0]) {
            case "log" -> log.add(piece(words[1].split(" ")));
            case "file" -> files.add(file(words[1].split(" ")));
            default -> require(facts.put(words[0], words[1]) == null, "twice: " + words[0]);
        }
    }

    private BackupManifest manifest() {
        return new BackupManifest(
                id,
                Instant.ofEpochMilli(Long.parseLong(fact("created"))),
                BackupKind.valueOf(fact("kind").toUpperCase(Locale.ROOT)),
                new LogOffset(Long.parseLong(fact("offset"))),
                previous(fact("previous")),
                Integer.parseInt(fact("collections")),
                content(fact("catalog").split(" "), 0),
                log,
                files);
    }

    private static @Nullable BackupId previous(String text) {
        return text.equals(NONE) ? null : new BackupId(text);
    }

    private String fact(String key) {
        String value = facts.get(key);
        if (value == null) {
            throw new IllegalArgumentException("it does not say '%s'".formatted(key));
        }
        return value;
    }

    private static Piece piece(String[] words) {
        LogPiece piece = new LogPiece(
                Long.parseUnsignedLong(words[0], HEX),
                Long.parseUnsignedLong(words[1], HEX),
                Long.parseLong(words[2]),
                Long.parseLong(words[3]),
                new LogOffset(Long.parseLong(words[4])),
                new LogOffset(Long.parseLong(words[5])));
        return new Piece(piece, Integer.parseUnsignedInt(words[6], HEX));
    }

    private static SegmentFile file(String[] words) {
        return new SegmentFile(words[3], words[2], content(words, 0));
    }

    private static Content content(String[] words, int at) {
        return new Content(Long.parseLong(words[at]), Integer.parseUnsignedInt(words[at + 1], HEX));
    }

    private static void require(boolean isTrue, String otherwise) {
        if (!isTrue) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}

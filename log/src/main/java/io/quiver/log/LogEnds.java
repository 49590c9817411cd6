package io.quiver.log;

import io.quiver.log.storage.Storage;
import io.quiver.log.storage.StorageFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A note beside the log files of which there must be: without it, a log whose oldest or newest files are gone looks
 * like one that was dropped so far, or that ends earlier.
 *
 * <p>File {@code ends}, 8 KiB, little-endian, the same at byte 0 and at byte 4,096:
 *
 * <pre>
 *    0  u64  magic, "QVRENDS\n"
 *    8  u32  format version, 1
 *   12  u32  CRC32C of these 48 bytes, this field taken as 0
 *   16  u64  how often the note was written; of two different ones the higher counts
 *   24  u64  id of the oldest file
 *   32  u64  offset of the first entry in it
 *   40  u64  id of the newest file
 *   48       zeros
 * </pre>
 *
 * <p>A new file is durable before the note names it, and named before anything in it is acknowledged; a dropped one
 * goes after the note has said so. So files outside of what the note says may be there, and none that it names is
 * missing unless somebody took it away. One place is forced before the other is written, so a crash leaves one of them
 * whole.
 *
 * <p>Guarded by the {@link LogFiles} it belongs to.
 */
final class LogEnds {
    static final String NAME = "ends";

    private static final long MAGIC = ByteBuffer.wrap(new byte[] {'Q', 'V', 'R', 'E', 'N', 'D', 'S', '\n'})
            .order(ByteOrder.LITTLE_ENDIAN)
            .getLong();
    private static final int VERSION = 1;
    private static final int VERSION_AT = 8;
    private static final int SUM_AT = 12;
    private static final int NOTE_BYTES = 48;
    private static final int PLACE_BYTES = 4096;
    private static final int PLACES = 2;

    private final Storage storage;
    private final String directory;
    private final String path;
    private long writeCount;

    /** What both places say for certain, {@code null} where one of them may say something else. */
    private @Nullable Note written;

    /** Files that there must be, with the offset of the first entry. */
    record Note(long oldestId, long firstOffset, long newestId) {}

    private record Read(long writeCount, Note note) {}

    LogEnds(Storage storage, String directory) {
        this.storage = storage;
        this.directory = directory;
        this.path = new LogFileNames(directory).path(NAME);
    }

    /**
     * What stands there, {@code null} where there is no note, as in the directories of early servers, or none that is
     * whole.
     */
    @Nullable Note read() throws IOException {
        Read one = read(0);
        Read other = read(1);
        Read newest = other == null || one != null && one.writeCount >= other.writeCount ? one : other;
        writeCount = newest == null ? 0 : newest.writeCount;
        written = newest != null && one != null && one.equals(other) ? newest.note : null;
        return newest == null ? null : newest.note;
    }

    private @Nullable Read read(int place) throws IOException {
        if (!storage.exists(path)) {
            return null;
        }
        ByteBuffer bytes = ByteBuffer.allocate(NOTE_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        try (StorageFile file = storage.open(path)) {
            while (bytes.hasRemaining() && file.read(bytes, (long) place * PLACE_BYTES + bytes.position()) > 0) {
                // until the note is whole or the file ends
            }
        }
        return bytes.hasRemaining() || bytes.getInt(SUM_AT) != sum(bytes) || bytes.getLong(0) != MAGIC
                ? null
                : decode(bytes);
    }

    private Read decode(ByteBuffer bytes) throws UnknownFormatException {
        int version = bytes.getInt(VERSION_AT);
        if (version != VERSION) {
            throw new UnknownFormatException(path, VERSION_AT, version, VERSION);
        }
        return new Read(bytes.getLong(16), new Note(bytes.getLong(24), bytes.getLong(32), bytes.getLong(40)));
    }

    /** Writes a note durably, where it does not stand there for certain already. */
    void write(Note note) throws IOException {
        if (note.equals(written)) {
            return;
        }
        written = null;
        writeCount++;
        boolean isNew = !storage.exists(path);
        try (StorageFile file = isNew ? storage.create(path) : storage.open(path)) {
            if (file.sizeBytes() < PLACES * PLACE_BYTES) {
                file.resize(PLACES * PLACE_BYTES);
            }
            for (int place = 0; place < PLACES; place++) {
                file.write(encode(note), (long) place * PLACE_BYTES);
                file.force();
            }
        }
        if (isNew) {
            storage.forceDirectory(directory);
        }
        written = note;
    }

    private ByteBuffer encode(Note note) {
        ByteBuffer bytes = ByteBuffer.allocate(NOTE_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(MAGIC).putInt(VERSION).putInt(0);
        bytes.putLong(writeCount)
                .putLong(note.oldestId)
                .putLong(note.firstOffset)
                .putLong(note.newestId);
        return bytes.putInt(SUM_AT, sum(bytes)).rewind();
    }

    /** Of a note, with the sum itself taken as 0. */
    private static int sum(ByteBuffer note) {
        CRC32C sum = new CRC32C();
        sum.update(note.duplicate().limit(SUM_AT).position(0));
        sum.update(new byte[Integer.BYTES]);
        sum.update(note.duplicate().limit(NOTE_BYTES).position(SUM_AT + Integer.BYTES));
        return (int) sum.getValue();
    }
}

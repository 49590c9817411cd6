package io.quiver.log;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What stands before each group: entries that became durable together, by one {@code force}. Groups begin at multiples
 * of 8; after the last one stand {@value #BYTES} zeros.
 *
 * <pre>
 *    0  u32  magic, "GRUP"
 *    4  u32  CRC32C of (file id, salt, position in the file) and bytes 8 to 31
 *    8  u32  size of the body in bytes
 *   12  u32  CRC32C of (file id, salt, position in the file) and the body
 *   16  u64  offset of the first entry; the others follow it without gaps
 *   24  u32  count of entries
 *   28  u32  0
 *   32       body: the entries, one after the other
 * </pre>
 */
record GroupHeader(int bodyBytes, int bodySum, long firstOffset, int entryCount) {
    static final int BYTES = 32;
    static final int ALIGNMENT = 8;

    private static final int MAGIC = 'G' | 'R' << 8 | 'U' << 16 | 'P' << 24;

    /** Writes it to {@code at} in {@code target}, to stand at {@code position} of the file. */
    void encode(ByteBuffer target, int at, LogFileHeader file, long position) {
        target.putInt(at, MAGIC);
        target.putInt(at + 8, bodyBytes).putInt(at + 12, bodySum).putLong(at + 16, firstOffset);
        target.putInt(at + 24, entryCount).putInt(at + 28, 0);
        target.putInt(at + 4, sum(target, at, file, position));
    }

    /**
     * The header at {@code at} in {@code source}, {@code null} where none was written for that position of the file.
     */
    static @Nullable GroupHeader decode(ByteBuffer source, int at, LogFileHeader file, long position) {
        if (source.getInt(at) != MAGIC || source.getInt(at + 4) != sum(source, at, file, position)) {
            return null;
        }
        return new GroupHeader(
                source.getInt(at + 8), source.getInt(at + 12), source.getLong(at + 16), source.getInt(at + 24));
    }

    boolean isBodyIntact(ByteBuffer body, LogFileHeader file, long position) {
        return bodySum(body, file, position) == bodySum;
    }

    private static int bodySum(ByteBuffer body, LogFileHeader file, long position) {
        CRC32C sum = file.sumAt(position);
        sum.update(body.duplicate());
        return (int) sum.getValue();
    }

    /** The header of the same body at a place of another file. */
    GroupHeader withSumOf(ByteBuffer body, LogFileHeader file, long position) {
        return new GroupHeader(bodyBytes, bodySum(body, file, position), firstOffset, entryCount);
    }

    /** Where the next group begins when this one begins at {@code position}. */
    long end(long position) {
        return position + sizeBytes(bodyBytes);
    }

    /** Offset of the first entry after this group. */
    long nextOffset() {
        return firstOffset + entryCount;
    }

    /** What a group takes in its file, up to where the next one begins. */
    static long sizeBytes(long bodyBytes) {
        return (BYTES + bodyBytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }

    private static int sum(ByteBuffer bytes, int at, LogFileHeader file, long position) {
        CRC32C sum = file.sumAt(position);
        sum.update(bytes.duplicate().limit(at + BYTES).position(at + 8));
        return (int) sum.getValue();
    }
}

package io.quiver.log;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * The first 4 KiB of a log file.
 *
 * <pre>
 *    0  u64  magic, "QVRLOG\r\n"
 *    8  u32  format version, 1
 *   12  u32  CRC32C of these 4,096 bytes, this field taken as 0
 *   16  u64  file id: 1 for the first file of a log, then one more for each
 *   24  u64  salt: random, new for each use of the file
 *   32  u64  offset of the first entry in this file
 *   40  u64  size of the file in bytes
 *   48  u64  when it was begun, ms since 1970
 *   56       zeros
 * </pre>
 *
 * <p>Id, salt and position begin every checksum of the file, so that bytes from its former life or from another place never
 * count; the salt, which nobody outside knows, keeps a client from sending bytes that would.
 */
record LogFileHeader(long id, long salt, long firstOffset, long capacityBytes, long createdMs) {
    static final int BYTES = 4096;
    static final int VERSION = 1;

    private static final long MAGIC = ByteBuffer.wrap(new byte[] {'Q', 'V', 'R', 'L', 'O', 'G', '\r', '\n'})
            .order(ByteOrder.LITTLE_ENDIAN)
            .getLong();
    private static final int SUM_AT = 12;

    ByteBuffer encode() {
        ByteBuffer bytes = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(MAGIC).putInt(VERSION).putInt(0);
        bytes.putLong(id)
                .putLong(salt)
                .putLong(firstOffset)
                .putLong(capacityBytes)
                .putLong(createdMs);
        return bytes.putInt(SUM_AT, sum(bytes)).rewind();
    }

    /** Reads and checks the header of a file that is {@code sizeBytes} long. */
    static LogFileHeader decode(String path, ByteBuffer bytes, long sizeBytes) throws CorruptLogException {
        if (bytes.remaining() < BYTES || bytes.getLong(0) != MAGIC) {
            throw new CorruptLogException(path, 0, "not a log file");
        }
        if (bytes.getInt(8) != VERSION) {
            throw new CorruptLogException(
                    path, 8, "format version %d, this server knows %d".formatted(bytes.getInt(8), VERSION));
        }
        if (bytes.getInt(SUM_AT) != sum(bytes)) {
            throw new CorruptLogException(path, SUM_AT, "the checksum of the header is wrong");
        }
        var header = new LogFileHeader(
                bytes.getLong(16), bytes.getLong(24), bytes.getLong(32), bytes.getLong(40), bytes.getLong(48));
        if (header.capacityBytes != sizeBytes) {
            throw new CorruptLogException(
                    path, sizeBytes, "expected %d bytes, found %d".formatted(header.capacityBytes, sizeBytes));
        }
        return header;
    }

    /** A checksum of what stands at a position of this file, to be continued with the bytes. */
    CRC32C sumAt(long position) {
        CRC32C sum = new CRC32C();
        sum.update(ByteBuffer.allocate(24)
                .putLong(id)
                .putLong(salt)
                .putLong(position)
                .flip());
        return sum;
    }

    private static int sum(ByteBuffer header) {
        CRC32C sum = new CRC32C();
        sum.update(header.duplicate().limit(SUM_AT).position(0));
        sum.update(new byte[Integer.BYTES]);
        sum.update(header.duplicate().limit(BYTES).position(SUM_AT + Integer.BYTES));
        return (int) sum.getValue();
    }
}

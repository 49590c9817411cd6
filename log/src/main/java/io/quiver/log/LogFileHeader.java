package io.quiver.log;

import io.quiver.log.storage.StorageFile;
import java.io.IOException;
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
 * 2048       bytes 0 to 55 again, with the CRC32C of these 56 bytes alone; absent in files of early servers
 * 2104       zeros
 * </pre>
 *
 * <p>Nothing in the file can be read without the header, so it counts as long as either place is whole.
 *
 * <p>Id, salt and position begin every checksum of the file, so that bytes from its former life or from another place
 * never count; the salt, which nobody outside knows, keeps a client from sending bytes that would.
 */
record LogFileHeader(long id, long salt, long firstOffset, long capacityBytes, long createdMs) {
    static final int BYTES = 4096;
    static final int VERSION = 1;

    private static final long MAGIC = ByteBuffer.wrap(new byte[] {'Q', 'V', 'R', 'L', 'O', 'G', '\r', '\n'})
            .order(ByteOrder.LITTLE_ENDIAN)
            .getLong();
    private static final int VERSION_AT = 8;
    private static final int SUM_AT = 12;
    private static final int FIELDS_BYTES = 56;
    private static final int COPY_AT = 2048;

    ByteBuffer encode() {
        ByteBuffer bytes = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
        put(bytes);
        bytes.position(COPY_AT);
        put(bytes);
        bytes.putInt(COPY_AT + SUM_AT, sum(bytes, COPY_AT, FIELDS_BYTES));
        return bytes.putInt(SUM_AT, sum(bytes, 0, BYTES)).rewind();
    }

    private void put(ByteBuffer bytes) {
        bytes.putLong(MAGIC).putInt(VERSION).putInt(0);
        bytes.putLong(id)
                .putLong(salt)
                .putLong(firstOffset)
                .putLong(capacityBytes)
                .putLong(createdMs);
    }

    /** Reads and checks the header of a file. */
    static LogFileHeader read(String path, StorageFile file) throws IOException {
        return decode(path, begin(file), file.sizeBytes());
    }

    /** As {@link #read(String, StorageFile)}, of a file that may have another size than the header says. */
    static LogFileHeader readOfAnySize(String path, StorageFile file) throws IOException {
        return decode(path, begin(file));
    }

    private static ByteBuffer begin(StorageFile file) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining() && file.read(bytes, bytes.position()) > 0) {
            // until the header is whole or the file ends
        }
        return bytes.flip();
    }

    /** Reads and checks the header of a file that is {@code sizeBytes} long. */
    static LogFileHeader decode(String path, ByteBuffer bytes, long sizeBytes) throws CorruptLogException {
        LogFileHeader header = decode(path, bytes);
        if (header.capacityBytes != sizeBytes) {
            throw new CorruptLogException(
                    path, sizeBytes, "expected %d bytes, found %d".formatted(header.capacityBytes, sizeBytes));
        }
        return header;
    }

    private static LogFileHeader decode(String path, ByteBuffer bytes) throws CorruptLogException {
        if (bytes.remaining() < BYTES) {
            throw new CorruptLogException(path, 0, "not a log file");
        }
        return isIntactCopy(bytes) ? read(bytes, COPY_AT) : readFirst(path, bytes);
    }

    /** Whether the first place is damaged and the second one is not. */
    private static boolean isIntactCopy(ByteBuffer bytes) {
        return bytes.getInt(SUM_AT) != sum(bytes, 0, BYTES)
                && bytes.getLong(COPY_AT) == MAGIC
                && bytes.getInt(COPY_AT + VERSION_AT) == VERSION
                && bytes.getInt(COPY_AT + SUM_AT) == sum(bytes, COPY_AT, FIELDS_BYTES);
    }

    private static LogFileHeader readFirst(String path, ByteBuffer bytes) throws CorruptLogException {
        if (bytes.getLong(0) != MAGIC) {
            throw new CorruptLogException(path, 0, "not a log file");
        }
        int version = bytes.getInt(VERSION_AT);
        if (version != VERSION) {
            throw new UnknownFormatException(path, VERSION_AT, version, VERSION);
        }
        if (bytes.getInt(SUM_AT) != sum(bytes, 0, BYTES)) {
            throw new CorruptLogException(path, SUM_AT, "the checksum of the header is wrong");
        }
        return read(bytes, 0);
    }

    private static LogFileHeader read(ByteBuffer bytes, int at) {
        return new LogFileHeader(
                bytes.getLong(at + 16),
                bytes.getLong(at + 24),
                bytes.getLong(at + 32),
                bytes.getLong(at + 40),
                bytes.getLong(at + 48));
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

    /** Of the bytes from {@code at} on, with the sum itself taken as 0. */
    private static int sum(ByteBuffer header, int at, int length) {
        CRC32C sum = new CRC32C();
        sum.update(header.duplicate().limit(at + SUM_AT).position(at));
        sum.update(new byte[Integer.BYTES]);
        sum.update(header.duplicate().limit(at + length).position(at + SUM_AT + Integer.BYTES));
        return (int) sum.getValue();
    }
}

package io.quiver.executor.segment;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * The first 4,096 bytes of every file of a segment, little-endian:
 *
 * <pre>
 * 0   u8[8]  magic, by kind of file          40   u32     pages in the body
 * 8   u32    format version, 1               44   u32     CRC32C of the page checksums
 * 12  u32    rows of the segment             48   u64[4]  numbers of the kind of file
 * 16  u64[2] name of the segment, a UUID     80           zeros
 * 32  u64    bytes of the body               4092 u32     CRC32C of bytes 0 to 4091
 * </pre>
 *
 * @param numbers what the kind of file has to say about itself, four numbers
 */
record FileHeader(FileKind kind, UUID segment, int rowCount, long bodyBytes, int pagesChecksum, long[] numbers) {
    static final int BYTES = 4096;
    static final int FORMAT_VERSION = 1;
    static final int NUMBERS = 4;

    private static final int CHECKSUM_AT = BYTES - Integer.BYTES;
    private static final int NUMBERS_AT = 48;

    byte[] encode() {
        byte[] bytes = new byte[BYTES];
        MemorySegment out = MemorySegment.ofArray(bytes);
        out.set(LittleEndian.LONG, 0, kind.magic());
        out.set(LittleEndian.INT, 8, FORMAT_VERSION);
        out.set(LittleEndian.INT, 12, rowCount);
        out.set(LittleEndian.LONG, 16, segment.getMostSignificantBits());
        out.set(LittleEndian.LONG, 24, segment.getLeastSignificantBits());
        out.set(LittleEndian.LONG, 32, bodyBytes);
        out.set(LittleEndian.INT, 40, Pages.count(bodyBytes));
        out.set(LittleEndian.INT, 44, pagesChecksum);
        for (int i = 0; i < NUMBERS; i++) {
            out.set(LittleEndian.LONG, NUMBERS_AT + 8L * i, numbers[i]);
        }
        out.set(LittleEndian.INT, CHECKSUM_AT, checksum(bytes));
        return bytes;
    }

    /** Reads a header that must be of this kind and segment. */
    static FileHeader decode(String path, MemorySegment file, FileKind kind, UUID segment)
            throws CorruptSegmentException {
        if (file.byteSize() < BYTES) {
            throw new CorruptSegmentException(path, "%d bytes cannot hold a header".formatted(file.byteSize()));
        }
        byte[] bytes = file.asSlice(0, BYTES).toArray(ValueLayout.JAVA_BYTE);
        MemorySegment in = MemorySegment.ofArray(bytes);
        if (in.get(LittleEndian.LONG, 0) != kind.magic()) {
            throw new CorruptSegmentException(path, "it does not begin as a file of " + kind);
        }
        if (in.get(LittleEndian.INT, CHECKSUM_AT) != checksum(bytes)) {
            throw new CorruptSegmentException(path, "the checksum of the header is wrong");
        }
        if (in.get(LittleEndian.INT, 8) != FORMAT_VERSION) {
            throw new CorruptSegmentException(
                    path,
                    "format version %d, where this server reads %d"
                            .formatted(in.get(LittleEndian.INT, 8), FORMAT_VERSION));
        }
        UUID found = new UUID(in.get(LittleEndian.LONG, 16), in.get(LittleEndian.LONG, 24));
        if (!found.equals(segment)) {
            throw new CorruptSegmentException(path, "it belongs to segment " + found);
        }
        return new FileHeader(
                kind,
                segment,
                in.get(LittleEndian.INT, 12),
                in.get(LittleEndian.LONG, 32),
                in.get(LittleEndian.INT, 44),
                numbers(in));
    }

    private static long[] numbers(MemorySegment in) {
        long[] numbers = new long[NUMBERS];
        for (int i = 0; i < NUMBERS; i++) {
            numbers[i] = in.get(LittleEndian.LONG, NUMBERS_AT + 8L * i);
        }
        return numbers;
    }

    private static int checksum(byte[] header) {
        CRC32C crc = new CRC32C();
        crc.update(header, 0, CHECKSUM_AT);
        return (int) crc.getValue();
    }
}

package io.quiver.executor.segment;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * The checksums of a file's body: one CRC32C for each MiB, behind the body. Segment, kind and number of the page are
 * inside the sum, so a page that was written to the wrong place is found as well.
 */
final class Pages {
    static final int BYTES = 1 << 20;

    private Pages() {}

    static int count(long bodyBytes) {
        return Math.toIntExact(Math.ceilDiv(bodyBytes, BYTES));
    }

    /** The checksum of the remaining bytes of {@code page}. */
    static int checksum(FileKind kind, UUID segment, int number, ByteBuffer page) {
        ByteBuffer place = ByteBuffer.allocate(28).order(ByteOrder.LITTLE_ENDIAN);
        place.putLong(kind.magic())
                .putLong(segment.getMostSignificantBits())
                .putLong(segment.getLeastSignificantBits())
                .putInt(number)
                .flip();
        CRC32C crc = new CRC32C();
        crc.update(place);
        crc.update(page);
        return (int) crc.getValue();
    }
}

package io.quiver.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Writes groups into the active file: collects the bytes in one direct buffer, sums and writes them while they are in
 * the cache. A group larger than the buffer goes out in pieces, its header last. Belongs to the writing thread.
 */
final class GroupWriter {
    private static final int STAGING_BYTES = 1 << 20;

    private final ByteBuffer staging = ByteBuffer.allocateDirect(STAGING_BYTES).order(ByteOrder.LITTLE_ENDIAN);

    /** Where in the file the staging buffer begins. */
    private long stagingAt;

    /**
     * The part of the staging buffer before here is not to be written: the header's place, in the first piece of a
     * group.
     */
    private int writeFrom;

    /** The part of the staging buffer before here is in the sum, or never will be. */
    private int summedTo;

    private CRC32C sum = new CRC32C();

    /** The size of the body that the entries make. */
    static long bodyBytes(List<PendingAppend> entries) {
        long bytes = 0;
        for (PendingAppend entry : entries) {
            bytes += entry.entryBytes();
        }
        return bytes;
    }

    /** Writes a group at the file's position, not yet durable. The caller has made sure that it fits. */
    void write(ActiveFile file, List<PendingAppend> entries, long firstOffset, long timeMs) throws IOException {
        begin(file);
        for (PendingAppend entry : entries) {
            putEntry(file, entry, timeMs);
        }
        sumPiece();
        int bodyBytes = Math.toIntExact(bodyBytes(entries));
        putEnd(file, bodyBytes);
        finish(file, new GroupHeader(bodyBytes, (int) sum.getValue(), firstOffset, entries.size()));
    }

    private void begin(ActiveFile file) {
        sum = file.header().sumAt(file.position());
        stagingAt = file.position();
        writeFrom = GroupHeader.BYTES;
        summedTo = GroupHeader.BYTES;
        staging.clear().position(GroupHeader.BYTES);
    }

    private void putEntry(ActiveFile file, PendingAppend entry, long timeMs) throws IOException {
        if (staging.remaining() < EntryHeader.BYTES) {
            sumPiece();
            writePiece(file);
        }
        ByteBuffer payload = entry.payload().written();
        new EntryHeader(payload.remaining(), timeMs, entry.collection()).encode(staging);
        while (payload.remaining() > staging.remaining()) {
            int length = staging.remaining();
            staging.put(payload.slice().limit(length));
            payload.position(payload.position() + length);
            sumPiece();
            writePiece(file);
        }
        staging.put(payload);
    }

    /** Zeros up to where the next group begins, and in place of its header. */
    private void putEnd(ActiveFile file, int bodyBytes) throws IOException {
        int zeros = (int) (GroupHeader.sizeBytes(bodyBytes) - bodyBytes);
        if (staging.remaining() < zeros) {
            writePiece(file);
        }
        staging.put(new byte[zeros]);
    }

    private void finish(ActiveFile file, GroupHeader header) throws IOException {
        long position = file.position();
        if (stagingAt == position) {
            header.encode(staging, 0, file.header(), position);
            writeFrom = 0;
            writePiece(file);
            return;
        }
        writePiece(file);
        staging.clear().position(GroupHeader.BYTES);
        header.encode(staging, 0, file.header(), position);
        file.write(staging.flip(), position);
    }

    private void sumPiece() {
        sum.update(staging.duplicate().flip().position(summedTo));
        summedTo = staging.position();
    }

    private void writePiece(ActiveFile file) throws IOException {
        ByteBuffer piece = staging.duplicate().flip().position(writeFrom);
        file.write(piece, stagingAt + writeFrom);
        stagingAt += staging.position();
        writeFrom = 0;
        summedTo = 0;
        staging.clear();
    }
}

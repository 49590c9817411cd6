package io.quiver.executor.segment;

import io.quiver.log.record.GrowingBuffer;
import io.quiver.log.storage.Storage;
import io.quiver.log.storage.StorageFile;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * Writes one file of a segment from beginning to end, under a temporary name until it is complete and durable: header
 * ({@link FileHeader}), body, checksums of the body's {@link Pages}. Belongs to one thread. Memory: one page on the
 * heap.
 */
final class CheckedFileWriter implements AutoCloseable {
    /** Ends the names of files that are not complete. */
    static final String TEMPORARY = ".tmp";

    private final Storage storage;
    private final String path;
    private final FileKind kind;
    private final UUID segment;
    private final StorageFile file;
    private final ByteBuffer page = ByteBuffer.allocate(Pages.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private final GrowingBuffer checksums = new GrowingBuffer(Integer.BYTES);
    private long bodyBytes;
    private boolean isFinished;

    CheckedFileWriter(Storage storage, String path, FileKind kind, UUID segment) throws IOException {
        this.storage = storage;
        this.path = path;
        this.kind = kind;
        this.segment = segment;
        storage.delete(path + TEMPORARY);
        this.file = storage.create(path + TEMPORARY);
    }

    /** Bytes of the body so far. */
    long bodyBytes() {
        return bodyBytes;
    }

    void write(ByteBuffer bytes) throws IOException {
        bodyBytes += bytes.remaining();
        while (bytes.remaining() >= page.remaining()) {
            int whole = page.remaining();
            page.put(bytes.slice(bytes.position(), whole));
            bytes.position(bytes.position() + whole);
            writePage();
        }
        page.put(bytes);
    }

    /** Writes memory of any length. */
    void write(MemorySegment bytes) throws IOException {
        for (long from = 0; from < bytes.byteSize(); from += Pages.BYTES) {
            write(bytes.asSlice(from, Math.min(Pages.BYTES, bytes.byteSize() - from))
                    .asByteBuffer());
        }
    }

    void writeByte(int value) throws IOException {
        page.put((byte) value);
        written(Byte.BYTES);
    }

    /** Writes a number, which must not lie across two pages. */
    void writeInt(int value) throws IOException {
        page.putInt(value);
        written(Integer.BYTES);
    }

    /** As {@link #writeInt}. */
    void writeLong(long value) throws IOException {
        page.putLong(value);
        written(Long.BYTES);
    }

    private void written(int bytes) throws IOException {
        bodyBytes += bytes;
        if (!page.hasRemaining()) {
            writePage();
        }
    }

    /** Makes the file durable under its own name, but for the directory, which the caller forces. */
    void finish(int rowCount, long... numbers) throws IOException {
        if (page.position() > 0) {
            writePage();
        }
        file.write(checksums.written(), FileHeader.BYTES + bodyBytes);
        file.write(ByteBuffer.wrap(header(rowCount, numbers).encode()), 0);
        file.force();
        file.close();
        storage.rename(path + TEMPORARY, path);
        isFinished = true;
    }

    /** Deletes what was written, unless it is complete. */
    @Override
    public void close() throws IOException {
        if (!isFinished) {
            file.close();
            storage.delete(path + TEMPORARY);
        }
    }

    private void writePage() throws IOException {
        page.flip();
        int number = checksums.sizeBytes() / Integer.BYTES;
        checksums.putInt(Pages.checksum(kind, segment, number, page.duplicate()));
        file.write(page, FileHeader.BYTES + (long) number * Pages.BYTES);
        page.clear();
    }

    private FileHeader header(int rowCount, long... numbers) {
        CRC32C crc = new CRC32C();
        crc.update(checksums.written());
        long[] all = Arrays.copyOf(numbers, FileHeader.NUMBERS);
        return new FileHeader(kind, segment, rowCount, bodyBytes, (int) crc.getValue(), all);
    }
}

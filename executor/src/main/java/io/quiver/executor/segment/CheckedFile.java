package io.quiver.executor.segment;

import io.quiver.log.storage.Storage;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.NoSuchFileException;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.zip.CRC32C;

/**
 * One mapped file of a segment. Opening checks the header, the length and the list of checksums, which takes no time
 * whatever the size; {@link #verify} reads the whole body. The mapping belongs to the arena it was opened with.
 */
final class CheckedFile {
    private final String path;
    private final FileHeader header;
    private final MemorySegment body;
    private final MemorySegment checksums;

    private CheckedFile(String path, FileHeader header, MemorySegment body, MemorySegment checksums) {
        this.path = path;
        this.header = header;
        this.body = body;
        this.checksums = checksums;
    }

    static CheckedFile open(Storage storage, String path, FileKind kind, UUID segment, Arena arena) throws IOException {
        MemorySegment file = map(storage, path, arena);
        FileHeader header = FileHeader.decode(path, file, kind, segment);
        long checksumsAt = FileHeader.BYTES + header.bodyBytes();
        long checksumsBytes = (long) Pages.count(header.bodyBytes()) * Integer.BYTES;
        if (file.byteSize() != checksumsAt + checksumsBytes) {
            throw new CorruptSegmentException(
                    path, "expected %d bytes, found %d".formatted(checksumsAt + checksumsBytes, file.byteSize()));
        }
        MemorySegment checksums = file.asSlice(checksumsAt, checksumsBytes);
        if (header.pagesChecksum() != checksum(checksums)) {
            throw new CorruptSegmentException(path, "the checksum of the checksums is wrong");
        }
        return new CheckedFile(path, header, file.asSlice(FileHeader.BYTES, header.bodyBytes()), checksums);
    }

    private static MemorySegment map(Storage storage, String path, Arena arena) throws IOException {
        try {
            return plain(storage.map(path, arena), arena);
        } catch (NoSuchFileException e) {
            throw new CorruptSegmentException(path, "there is no such file");
        }
    }

    /**
     * The same memory as a segment of the plain kind outside the heap, which deltas have too: kernels that meet one
     * kind only are compiled to better code.
     */
    @SuppressWarnings("restricted") // address, length and arena are those of the mapping
    private static MemorySegment plain(MemorySegment mapped, Arena arena) {
        return mapped.isMapped()
                ? MemorySegment.ofAddress(mapped.address())
                        .reinterpret(mapped.byteSize(), arena, null)
                        .asReadOnly()
                : mapped;
    }

    String path() {
        return path;
    }

    FileHeader header() {
        return header;
    }

    MemorySegment body() {
        return body;
    }

    /** Refuses a header that says something else than expected. */
    void expect(String what, long expected, long found) throws CorruptSegmentException {
        if (expected != found) {
            throw new CorruptSegmentException(path, "%s: expected %d, found %d".formatted(what, expected, found));
        }
    }

    /** Reads every byte of the body and compares checksums. */
    void verify() throws CorruptSegmentException {
        verify(ReadPace.UNBOUNDED);
    }

    /** As {@link #verify()}, at a pace. */
    void verify(ReadPace pace) throws CorruptSegmentException {
        for (int number = 0; number < pageCount(); number++) {
            MemorySegment page = page(body, number);
            pace.willRead(page.byteSize());
            verify(number, page);
        }
    }

    /**
     * Copies the body, and compares the checksums of what arrived.
     *
     * @param isGivenUp asked before each page
     * @return false where it was given up before the end
     */
    boolean copyTo(MemorySegment target, BooleanSupplier isGivenUp) throws CorruptSegmentException {
        for (int number = 0; number < pageCount(); number++) {
            if (isGivenUp.getAsBoolean()) {
                return false;
            }
            verify(number, page(target, number).copyFrom(page(body, number)));
        }
        return true;
    }

    private int pageCount() {
        return Pages.count(body.byteSize());
    }

    private MemorySegment page(MemorySegment all, int number) {
        long from = (long) number * Pages.BYTES;
        return all.asSlice(from, Math.min(Pages.BYTES, body.byteSize() - from));
    }

    private void verify(int number, MemorySegment page) throws CorruptSegmentException {
        int checksum = Pages.checksum(header.kind(), header.segment(), number, page.asByteBuffer());
        if (checksum != checksums.get(LittleEndian.INT, (long) number * Integer.BYTES)) {
            throw new CorruptSegmentException(path, "the checksum of page %d is wrong".formatted(number));
        }
    }

    private static int checksum(MemorySegment bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.asByteBuffer());
        return (int) crc.getValue();
    }
}

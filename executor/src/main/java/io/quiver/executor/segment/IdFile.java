package io.quiver.executor.segment;

import io.quiver.log.storage.Storage;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * From an id to its row, mapped: a lookup reads two places here and the id itself in {@link RecordFiles}, which tells
 * ids of one hash apart.
 *
 * <p>{@code ids.qi}: u32 {@code first[2^bits + 1]}, one more where {@code bits > 0}, then per row a u64 of hash (upper
 * half, {@link IdHash}) and row (lower half), sorted as unsigned numbers. The hashes whose upper {@code bits} are
 * {@code b} are the entries from number {@code first[b]} to before {@code first[b + 1]}. The number of the header:
 * bits.
 */
final class IdFile {
    static final int HASH_BITS = 32;
    static final int BITS_MAX = 26;

    /** Entries in one bucket, on average: within one cache line or two. */
    private static final int BUCKET_ENTRIES = 8;

    private final CheckedFile file;
    private final UUID segment;
    private final RecordFiles records;
    private final int rowCount;
    private final int bits;

    private IdFile(CheckedFile file, UUID segment, RecordFiles records, int rowCount, int bits) {
        this.file = file;
        this.segment = segment;
        this.records = records;
        this.rowCount = rowCount;
        this.bits = bits;
    }

    static IdFile open(Storage storage, String directory, UUID segment, Arena arena, RecordFiles records, int rowCount)
            throws IOException {
        CheckedFile file =
                CheckedFile.open(storage, directory + "/" + FileKind.IDS.fileName(), FileKind.IDS, segment, arena);
        int bits = bits(rowCount);
        file.expect("rows", rowCount, file.header().rowCount());
        file.expect("bits", bits, file.header().numbers()[0]);
        file.expect(
                "bytes",
                entriesAt(bits) + (long) rowCount * Long.BYTES,
                file.header().bodyBytes());
        return new IdFile(file, segment, records, rowCount, bits);
    }

    /** How many upper bits of the hash choose the bucket, for so many rows. */
    static int bits(int rowCount) {
        int buckets = rowCount / BUCKET_ENTRIES;
        return Math.min(BITS_MAX, Integer.SIZE - Integer.numberOfLeadingZeros(buckets));
    }

    static int bucket(long hash, int bits) {
        return (int) (hash >>> HASH_BITS - bits);
    }

    /** The numbers before the entries: an even number of them, so that no entry lies across two pages. */
    static int firsts(int bits) {
        return ((1 << bits) + 2) / 2 * 2;
    }

    private static long entriesAt(int bits) {
        return (long) firsts(bits) * Integer.BYTES;
    }

    void verify(ReadPace pace) throws CorruptSegmentException {
        file.verify(pace);
    }

    /** The row of a record, -1 where there is none. */
    int rowOf(String id) {
        byte[] utf8 = id.getBytes(StandardCharsets.UTF_8);
        long hash = IdHash.of(segment, utf8);
        int bucket = bucket(hash, bits);
        int end = Math.min(first(bucket + 1), rowCount);
        for (int i = Math.max(0, first(bucket)); i < end; i++) {
            long entry = file.body().get(LittleEndian.LONG, entriesAt(bits) + (long) i * Long.BYTES);
            if (entry >>> HASH_BITS == hash && records.hasId((int) entry, utf8)) {
                return (int) entry;
            }
        }
        return -1;
    }

    private int first(int bucket) {
        return file.body().get(LittleEndian.INT, (long) bucket * Integer.BYTES);
    }
}

package io.quiver.executor.segment;

import io.quiver.executor.segment.OffHeapBudget.Owner;
import io.quiver.log.storage.Storage;
import java.io.IOException;
import java.util.Arrays;
import java.util.UUID;

/** Writes an {@link IdFile}. Memory: eight bytes a row on the heap until it is finished, counted in the budget. */
final class IdFileWriter implements AutoCloseable {
    private static final int ENTRIES_MIN = 1024;

    private final CheckedFileWriter file;
    private final UUID segment;
    private final OffHeapBudget budget;
    private long[] entries = {};
    private int count;

    IdFileWriter(Storage storage, String directory, UUID segment, OffHeapBudget budget) throws IOException {
        this.segment = segment;
        this.budget = budget;
        this.file = new CheckedFileWriter(storage, directory + "/" + FileKind.IDS.fileName(), FileKind.IDS, segment);
    }

    /** Takes the id of the next row. */
    void append(byte[] id) {
        if (count == entries.length) {
            int more = Math.max(ENTRIES_MIN, entries.length);
            budget.reserve(Owner.WRITER, sizeBytes(more));
            entries = Arrays.copyOf(entries, count + more);
        }
        entries[count] = sortable(IdHash.of(segment, id) << IdFile.HASH_BITS | count);
        count++;
    }

    void finish() throws IOException {
        Arrays.sort(entries, 0, count);
        int bits = IdFile.bits(count);
        writeBuckets(bits);
        for (int i = 0; i < count; i++) {
            file.writeLong(sortable(entries[i]));
        }
        file.finish(count, bits);
    }

    private void writeBuckets(int bits) throws IOException {
        int entry = 0;
        for (int bucket = 0; bucket < IdFile.firsts(bits); bucket++) {
            while (entry < count && IdFile.bucket(sortable(entries[entry]) >>> IdFile.HASH_BITS, bits) < bucket) {
                entry++;
            }
            file.writeInt(entry);
        }
    }

    /** Maps unsigned order to the order of signed numbers, and back. */
    private static long sortable(long entry) {
        return entry ^ Long.MIN_VALUE;
    }

    private static long sizeBytes(int entries) {
        return (long) entries * Long.BYTES;
    }

    @Override
    public void close() throws IOException {
        budget.release(Owner.WRITER, sizeBytes(entries.length));
        file.close();
    }
}

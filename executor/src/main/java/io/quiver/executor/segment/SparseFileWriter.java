package io.quiver.executor.segment;

import io.quiver.executor.segment.OffHeapBudget.Owner;
import io.quiver.executor.sparse.BlockWriter;
import io.quiver.executor.sparse.SparseBlock;
import io.quiver.log.record.GrowingBuffer;
import io.quiver.log.record.Metadata;
import io.quiver.log.record.MetadataValue;
import io.quiver.log.record.MetadataValue.Sparse;
import io.quiver.log.storage.Storage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Writes a {@link SparseFile}, none where no row has a sparse vector. Memory: the terms of up to {@link #POSTINGS_MAX}
 * and one record, {@link BlockWriter#POSTING_BYTES} each on the heap until their blocks are written, counted in the
 * budget.
 */
final class SparseFileWriter implements AutoCloseable {
    /** All keys together; then the blocks are written, though they have fewer rows than they might. */
    private static final int POSTINGS_MAX = 4 << 20;

    private final Storage storage;
    private final String directory;
    private final UUID segment;
    private final OffHeapBudget budget;
    private final Map<String, BlockWriter> writers = new TreeMap<>();
    private final List<Entry> entries = new ArrayList<>();
    private @Nullable CheckedFileWriter file;
    private int firstRow;
    private long postings;
    private long reservedBytes;

    /** A block in the file. */
    private record Entry(String key, int firstRow, int rowCount, long at) {}

    SparseFileWriter(Storage storage, String directory, UUID segment, OffHeapBudget budget) {
        this.storage = storage;
        this.directory = directory;
        this.segment = segment;
        this.budget = budget;
    }

    /** Takes the metadata of the next row. */
    void append(int row, Metadata metadata) throws IOException {
        if (row - firstRow == SparseBlock.ROWS_MAX || postings >= POSTINGS_MAX) {
            writeBlocks(row);
        }
        for (Map.Entry<String, MetadataValue> field : metadata.fields().entrySet()) {
            if (field.getValue() instanceof Sparse(var vector)) {
                reserve(vector.size());
                writers.computeIfAbsent(field.getKey(), _ -> new BlockWriter()).add(row - firstRow, vector);
            }
        }
    }

    private void reserve(int more) {
        long bytes = (long) more * BlockWriter.POSTING_BYTES;
        budget.reserve(Owner.WRITER, bytes);
        reservedBytes += bytes;
        postings += more;
    }

    private void writeBlocks(int nextRow) throws IOException {
        for (Map.Entry<String, BlockWriter> writer : writers.entrySet()) {
            CheckedFileWriter out = file();
            entries.add(new Entry(writer.getKey(), firstRow, nextRow - firstRow, out.bodyBytes()));
            GrowingBuffer block = writer.getValue().encode(nextRow - firstRow);
            out.write(block.written());
            out.write(ByteBuffer.allocate((int) -out.bodyBytes() & SparseBlock.ALIGNMENT - 1));
        }
        writers.clear();
        release();
        postings = 0;
        firstRow = nextRow;
    }

    private CheckedFileWriter file() throws IOException {
        if (file == null) {
            file = new CheckedFileWriter(
                    storage, directory + "/" + FileKind.SPARSE.fileName(), FileKind.SPARSE, segment);
        }
        return file;
    }

    void finish(int rowCount) throws IOException {
        writeBlocks(rowCount);
        if (file != null) {
            long directoryAt = file.bodyBytes();
            GrowingBuffer list = new GrowingBuffer(1024);
            for (Entry entry : entries) {
                list.putText(entry.key)
                        .putInt(entry.firstRow)
                        .putInt(entry.rowCount)
                        .putLong(entry.at);
            }
            file.write(list.written());
            file.finish(rowCount, directoryAt, entries.size());
        }
    }

    private void release() {
        budget.release(Owner.WRITER, reservedBytes);
        reservedBytes = 0;
    }

    @Override
    public void close() throws IOException {
        release();
        if (file != null) {
            file.close();
        }
    }
}

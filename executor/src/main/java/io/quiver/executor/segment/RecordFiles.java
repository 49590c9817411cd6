package io.quiver.executor.segment;

import io.quiver.executor.sparse.SparseQuery;
import io.quiver.log.record.EncodedMetadata;
import io.quiver.log.record.Metadata;
import io.quiver.log.record.MetadataCodec;
import io.quiver.log.storage.Storage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * All of a sealed segment's records but the embeddings, mapped; nothing of them is on the heap.
 *
 * <pre>
 * rows.qo     per row 32 bytes: u64 where its record begins, i64 insertion, i64 log offset, u32 bytes of the record, 0
 * records.qr  per record: u32 bytes of the id, u32 of the document, u32 of the uri (0xFFFFFFFF where there is none),
 *             these three in UTF-8, then the metadata as MetadataCodec writes them
 * </pre>
 *
 * <p>Reading something that is not a record throws {@link UncheckedIOException}.
 */
final class RecordFiles {
    static final int ROW_BYTES = 32;
    static final int INSERTION_AT = 8;
    static final int OFFSET_AT = 16;
    static final int LENGTH_AT = 24;
    static final int LENGTHS_BYTES = 3 * Integer.BYTES;
    static final int NONE = -1;

    private final CheckedFile rows;
    private final CheckedFile records;
    private final int rowCount;

    private RecordFiles(CheckedFile rows, CheckedFile records, int rowCount) {
        this.rows = rows;
        this.records = records;
        this.rowCount = rowCount;
    }

    static RecordFiles open(Storage storage, String directory, UUID segment, Arena arena, int rowCount)
            throws IOException {
        CheckedFile rows =
                CheckedFile.open(storage, directory + "/" + FileKind.ROWS.fileName(), FileKind.ROWS, segment, arena);
        rows.expect("rows", rowCount, rows.header().rowCount());
        rows.expect("bytes", (long) rowCount * ROW_BYTES, rows.header().bodyBytes());
        CheckedFile records = CheckedFile.open(
                storage, directory + "/" + FileKind.RECORDS.fileName(), FileKind.RECORDS, segment, arena);
        records.expect("rows", rowCount, records.header().rowCount());
        return new RecordFiles(rows, records, rowCount);
    }

    void verify(ReadPace pace) throws CorruptSegmentException {
        rows.verify(pace);
        records.verify(pace);
    }

    long insertion(int row) {
        return rows.body().get(LittleEndian.LONG, rowAt(row) + INSERTION_AT);
    }

    long writtenAt(int row) {
        return rows.body().get(LittleEndian.LONG, rowAt(row) + OFFSET_AT);
    }

    /** Reads where a record begins, and the beginning, if there is one. */
    long touch(int row) {
        long at = rows.body().get(LittleEndian.LONG, rowAt(row));
        boolean isRecord = at >= 0 && at <= records.body().byteSize() - LENGTHS_BYTES;
        return isRecord ? records.body().get(LittleEndian.INT, at) : at;
    }

    String id(int row) {
        return Objects.requireNonNull(text(record(row), 0), "every record has an id");
    }

    boolean hasId(int row, byte[] id) {
        MemorySegment record = record(row);
        int length = record.get(LittleEndian.INT, 0);
        return length == id.length
                && record.byteSize() - LENGTHS_BYTES >= length
                && Arrays.equals(record.asSlice(LENGTHS_BYTES, length).toArray(ValueLayout.JAVA_BYTE), id);
    }

    @Nullable String document(int row) {
        return text(record(row), 1);
    }

    @Nullable String uri(int row) {
        return text(record(row), 2);
    }

    Metadata metadata(int row) {
        MemorySegment record = record(row);
        long at = textAt(record, 3);
        try {
            return MetadataCodec.read(record.asSlice(at).asByteBuffer().order(ByteOrder.LITTLE_ENDIAN));
        } catch (IllegalArgumentException e) {
            throw corrupt("metadata of row %d: %s".formatted(row, e.getMessage()));
        }
    }

    /** As {@link io.quiver.executor.sparse.SparseRows#product} says, read where the record lies. */
    double product(int row, SparseQuery query) {
        MemorySegment record = record(row);
        ByteBuffer fields = record.asSlice(textAt(record, 3)).asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        try {
            int count = EncodedMetadata.findSparse(fields, query.keyBytes());
            return count < 0 ? Double.NaN : query.product(fields, count);
        } catch (IllegalArgumentException e) {
            throw corrupt("metadata of row %d: %s".formatted(row, e.getMessage()));
        }
    }

    private long rowAt(int row) {
        return Objects.checkIndex(row, rowCount) * (long) ROW_BYTES;
    }

    private MemorySegment record(int row) {
        long at = rows.body().get(LittleEndian.LONG, rowAt(row));
        int length = rows.body().get(LittleEndian.INT, rowAt(row) + LENGTH_AT);
        if (at < 0 || length < LENGTHS_BYTES || at > records.body().byteSize() - length) {
            throw corrupt("row %d has no record of %d bytes at %d".formatted(row, length, at));
        }
        return records.body().asSlice(at, length);
    }

    private @Nullable String text(MemorySegment record, int number) {
        int length = record.get(LittleEndian.INT, (long) number * Integer.BYTES);
        if (length == NONE) {
            return null;
        }
        long at = textAt(record, number);
        byte[] utf8 = new byte[length];
        MemorySegment.copy(record, ValueLayout.JAVA_BYTE, at, utf8, 0, length);
        return new String(utf8, StandardCharsets.UTF_8);
    }

    /** Where text {@code number} of a record begins; the one after the last text is the metadata. */
    private long textAt(MemorySegment record, int number) {
        long at = LENGTHS_BYTES;
        for (int i = 0; i < number; i++) {
            at += textBytes(record, i);
        }
        if (at > record.byteSize() || number < 3 && textBytes(record, number) > record.byteSize() - at) {
            throw corrupt("a text leads out of its record");
        }
        return at;
    }

    private long textBytes(MemorySegment record, int number) {
        int length = record.get(LittleEndian.INT, (long) number * Integer.BYTES);
        if (length < NONE) {
            throw corrupt("a text of %d bytes".formatted(length));
        }
        return length == NONE ? 0 : length;
    }

    private UncheckedIOException corrupt(String reason) {
        return new UncheckedIOException(new CorruptSegmentException(records.path(), reason));
    }
}

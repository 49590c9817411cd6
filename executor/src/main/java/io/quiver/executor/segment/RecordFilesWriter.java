package io.quiver.executor.segment;

import io.quiver.log.record.GrowingBuffer;
import io.quiver.log.record.MetadataCodec;
import io.quiver.log.record.VectorRecord;
import io.quiver.log.storage.Storage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Writes {@link RecordFiles}. */
final class RecordFilesWriter implements AutoCloseable {
    private static final byte[] NOTHING = {};

    private final CheckedFileWriter rows;
    private final CheckedFileWriter records;
    private final GrowingBuffer buffer = new GrowingBuffer(1024);

    RecordFilesWriter(Storage storage, String directory, UUID segment) throws IOException {
        this.rows = new CheckedFileWriter(storage, directory + "/" + FileKind.ROWS.fileName(), FileKind.ROWS, segment);
        this.records = new CheckedFileWriter(
                storage, directory + "/" + FileKind.RECORDS.fileName(), FileKind.RECORDS, segment);
    }

    void append(VectorRecord record, byte[] id, long insertion, long writtenAt) throws IOException {
        buffer.clear();
        byte[] document = utf8(record.document());
        byte[] uri = utf8(record.uri());
        buffer.putInt(id.length)
                .putInt(record.document() == null ? RecordFiles.NONE : document.length)
                .putInt(record.uri() == null ? RecordFiles.NONE : uri.length)
                .putBytes(id)
                .putBytes(document)
                .putBytes(uri);
        MetadataCodec.write(buffer, record.metadata());
        rows.writeLong(records.bodyBytes());
        rows.writeLong(insertion);
        rows.writeLong(writtenAt);
        rows.writeLong(buffer.sizeBytes());
        records.write(buffer.written());
    }

    private static byte[] utf8(@Nullable String text) {
        return text == null ? NOTHING : text.getBytes(StandardCharsets.UTF_8);
    }

    void finish(int rowCount) throws IOException {
        rows.finish(rowCount);
        records.finish(rowCount);
    }

    @Override
    public void close() throws IOException {
        rows.close();
        records.close();
    }
}

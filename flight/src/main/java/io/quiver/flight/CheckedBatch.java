package io.quiver.flight;

import io.quiver.flight.compression.BoundedCompression;
import io.quiver.log.record.QuiverException;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Supplier;
import org.apache.arrow.flatbuf.BodyCompressionMethod;
import org.apache.arrow.flatbuf.Buffer;
import org.apache.arrow.flatbuf.FieldNode;
import org.apache.arrow.flatbuf.RecordBatch;

/**
 * The columns and buffers that a batch says it has, in turn: each lies within the body, and none has more values than
 * could be there. Together they are no longer than the body: what many buffers share would be read again for each.
 * Refuses others as {@code INVALID_ARGUMENT}. Belongs to the thread that takes the message.
 */
final class CheckedBatch {
    /**
     * A body, and the marks of missing values that Arrow makes for columns that have none: never more than the body
     * itself in a batch that is whole.
     */
    static final long MEMORY_BYTES_MAX = 2L * FlightLimits.MESSAGE_BYTES_MAX;

    private static final int NOT_COMPRESSED = -1;

    private final RecordBatch batch;
    private final long bodyBytes;
    private final MessageBody body;
    private final boolean isCompressed;
    private final long valuesMax;
    private int column;
    private int buffer;
    private long memoryBytes;
    private long packedBytes;
    private long unpackedBytes;

    CheckedBatch(RecordBatch batch, long bodyBytes, MessageBody body) {
        this.batch = batch;
        this.bodyBytes = bodyBytes;
        this.body = body;
        isCompressed = batch.compression() != null;
        long contentBytes = isCompressed ? FlightLimits.MESSAGE_BYTES_MAX : bodyBytes;
        valuesMax = contentBytes * Byte.SIZE;
        memoryBytes = contentBytes;
        require(
                batch.length() >= 0 && batch.length() <= valuesMax,
                () -> "a batch of %d rows does not fit %d bytes".formatted(batch.length(), contentBytes));
        if (isCompressed) {
            require(
                    batch.compression().method() == BodyCompressionMethod.BUFFER
                            && BoundedCompression.isKnown(batch.compression().codec()),
                    () -> "buffers must be compressed one by one by lz4 or zstd, or not at all");
        }
    }

    long rows() {
        return batch.length();
    }

    void requireShape(int columns, int buffers) {
        require(
                batch.variadicBufferCountsLength() == 0,
                () -> "no column has buffers in any number, but the batch has");
        require(
                batch.nodesLength() == columns && batch.buffersLength() == buffers,
                () -> "the schema has %d columns in %d buffers, the batch %d in %d"
                        .formatted(columns, buffers, batch.nodesLength(), batch.buffersLength()));
    }

    /** How many values the next column has, in the order in which a schema's columns and those below them come. */
    FieldNode nextColumn() {
        FieldNode node = batch.nodes(column);
        require(
                isWithin(node.length(), valuesMax) && isWithin(node.nullCount(), node.length()),
                () -> "column %d: %d values, %d of them null, do not fit %d bytes"
                        .formatted(column, node.length(), node.nullCount(), valuesMax / Byte.SIZE));
        memoryBytes += (node.length() + Byte.SIZE - 1) / Byte.SIZE;
        require(
                memoryBytes <= MEMORY_BYTES_MAX,
                () -> "the batch would take %d bytes to read, more than %d".formatted(memoryBytes, MEMORY_BYTES_MAX));
        column++;
        return node;
    }

    /** The size of the next buffer, as it is when it is decompressed. */
    long nextBufferBytes() {
        Buffer next = batch.buffers(buffer);
        require(
                isWithin(next.offset(), bodyBytes) && isWithin(next.length(), bodyBytes - next.offset()),
                () -> "buffer %d: %d bytes at %d lie outside of %d"
                        .formatted(buffer, next.length(), next.offset(), bodyBytes));
        packedBytes += next.length();
        require(
                packedBytes <= bodyBytes,
                () -> "buffers overlap: the first %d need more than the %d bytes that there are"
                        .formatted(buffer + 1, bodyBytes));
        buffer++;
        return isCompressed && next.length() > 0 ? unpackedBytes(next) : next.length();
    }

    private long unpackedBytes(Buffer packed) {
        require(
                packed.length() >= Long.BYTES,
                () -> "buffer %d: %d bytes are too few to be compressed".formatted(buffer - 1, packed.length()));
        long said = announcedBytes(packed);
        long bytes = said == NOT_COMPRESSED ? packed.length() - Long.BYTES : said;
        require(
                isWithin(bytes, BoundedCompression.BATCH_BYTES_MAX - unpackedBytes),
                () -> "a batch must not exceed %d bytes when it is decompressed"
                        .formatted(BoundedCompression.BATCH_BYTES_MAX));
        unpackedBytes += bytes;
        return bytes;
    }

    /** The number at an offset within the buffer that was asked for last, decompressed as far as that. */
    long numberAt(long offset, int width) {
        Buffer last = batch.buffers(buffer - 1);
        try {
            if (!isCompressed) {
                return number(body.from(last.offset() + offset), width);
            }
            InputStream content = body.from(last.offset() + Long.BYTES);
            byte[] packed = content.readNBytes(Math.toIntExact(last.length()) - Long.BYTES);
            try (InputStream plain = plain(last, packed)) {
                plain.skipNBytes(offset);
                return number(plain, width);
            }
        } catch (IOException | RuntimeException damaged) {
            throw QuiverException.invalid("a buffer cannot be read: " + damaged.getMessage());
        }
    }

    private InputStream plain(Buffer buffer, byte[] packed) throws IOException {
        return announcedBytes(buffer) == NOT_COMPRESSED
                ? new ByteArrayInputStream(packed)
                : BoundedCompression.decompressing(batch.compression().codec(), packed);
    }

    private long announcedBytes(Buffer packed) {
        try {
            return number(body.from(packed.offset()), Long.BYTES);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long number(InputStream in, int width) throws IOException {
        byte[] bytes = in.readNBytes(width);
        if (bytes.length < width) {
            throw new EOFException("it ends too early");
        }
        ByteBuffer number = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        return width == Long.BYTES ? number.getLong() : number.getInt();
    }

    private static boolean isWithin(long value, long max) {
        return value >= 0 && value <= max;
    }

    private static void require(boolean isSound, Supplier<String> fault) {
        if (!isSound) {
            throw QuiverException.invalid(fault.get());
        }
    }
}

package io.quiver.flight;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.ipc.WriteChannel;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.apache.arrow.vector.ipc.message.MessageSerializer;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.Test;

class MessageCheckTest {
    private static final int BODY_BYTES = FlightLimits.MESSAGE_BYTES_MAX;

    /** Marks for so many values take as much as the largest body. */
    private static final long MARKED = (long) BODY_BYTES * Byte.SIZE;

    /**
     * What is wrong with a batch of structs of nothing, none of them missing, by the lengths that its columns claim.
     */
    private static String fault(long... lengths) throws IOException {
        MessageCheck check = new MessageCheck();
        assertNull(check.fault(schema(lengths.length), 0, _ -> InputStream.nullInputStream()));
        return String.valueOf(check.fault(batch(lengths), BODY_BYTES, _ -> InputStream.nullInputStream()));
    }

    private static byte[] schema(int columns) throws IOException {
        return schema(columns, ArrowType.Struct.INSTANCE);
    }

    private static byte[] schema(int columns, ArrowType type) throws IOException {
        List<Field> fields = IntStream.range(0, columns)
                .mapToObj(i -> new Field("c" + i, FieldType.nullable(type), null))
                .toList();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        MessageSerializer.serialize(new WriteChannel(Channels.newChannel(out)), new Schema(fields));
        return header(out.toByteArray());
    }

    private static byte[] batch(long... lengths) throws IOException {
        try (BufferAllocator allocator = new RootAllocator()) {
            return batch(lengths, Collections.nCopies(lengths.length, allocator.getEmpty()));
        }
    }

    private static byte[] batch(long[] lengths, List<ArrowBuf> buffers) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        List<ArrowFieldNode> nodes = LongStream.of(lengths)
                .mapToObj(length -> new ArrowFieldNode(length, 0))
                .toList();
        try (ArrowRecordBatch batch = new ArrowRecordBatch(Math.toIntExact(lengths[0]), nodes, buffers)) {
            MessageSerializer.serialize(new WriteChannel(Channels.newChannel(out)), batch);
        }
        return header(out.toByteArray());
    }

    /** Two columns of bytes, each with a buffer of its own. */
    private static byte[] bytes(int rows) throws IOException {
        try (BufferAllocator allocator = new RootAllocator();
                ArrowBuf values = allocator.buffer(rows)) {
            values.writerIndex(rows);
            ArrowBuf unmarked = allocator.getEmpty();
            return batch(new long[] {rows, rows}, List.of(unmarked, values, unmarked, values));
        }
    }

    /** The header with the buffer that begins at {@code from} put where the first begins. */
    private static byte[] withBufferAtStart(byte[] header, long from, long length) {
        ByteBuffer numbers = ByteBuffer.wrap(header.clone()).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = header.length - 2 * Long.BYTES; i >= 0; i -= Integer.BYTES) {
            if (numbers.getLong(i) == from && numbers.getLong(i + Long.BYTES) == length) {
                return numbers.putLong(i, 0).array();
            }
        }
        throw new AssertionError("no buffer begins at " + from);
    }

    /** Behind the marker and its own size. */
    private static byte[] header(byte[] message) {
        return Arrays.copyOfRange(message, 2 * Integer.BYTES, message.length);
    }

    @Test
    void aBatchThatTakesAsMuchAsMayBeIsTaken() throws IOException {
        assertEquals("null", fault(MARKED));
        assertEquals("null", fault(MARKED / 2, MARKED / 2));
    }

    @Test
    void buffersThatOverlapAreRefused() throws IOException {
        MessageCheck check = new MessageCheck();
        MessageBody body = _ -> InputStream.nullInputStream();
        assertNull(check.fault(schema(2, new ArrowType.Int(Byte.SIZE, true)), 0, body));
        byte[] apart = bytes(64);
        assertNull(check.fault(apart, 128, body));
        assertEquals(
                "buffers overlap: the first 4 need more than the 64 bytes that there are",
                check.fault(withBufferAtStart(apart, 64, 64), 64, body));
    }

    @Test
    void aBatchThatWouldTakeMoreIsRefusedBeforeItIsRead() throws IOException {
        assertEquals("the batch would take 134217729 bytes to read, more than 134217728", fault(MARKED, 1));
        assertEquals(
                "the batch would take 201326592 bytes to read, more than 134217728",
                fault(MARKED, MARKED, MARKED, MARKED));
    }
}

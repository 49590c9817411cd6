package io.quiver.flight.service;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.quiver.executor.query.Hits;
import io.quiver.executor.query.Projection;
import io.quiver.flight.FlightMemory;
import io.quiver.flight.compression.BoundedCompression;
import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.LogOffset;
import io.quiver.log.record.QuiverException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.compression.CompressionUtil.CodecType;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.apache.arrow.vector.ipc.message.IpcOption;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.Test;

class VectorsStreamTest {
    private static final int MUTATIONS = Integer.getInteger("quiver.mutations", 5_000);
    private static final long SEED = Long.getLong("quiver.seed", new Random().nextLong());

    @Test
    void readsAllBatchesAndWhatTheyAreAbout() throws IOException {
        VectorsStream.Vectors read = read(stream("about", 2, 3));
        assertEquals("about", read.about());
        assertEquals(6, read.embeddings().size());
        assertArrayEquals(new float[] {5, 5.5f}, read.embeddings().get(5).toArray());
    }

    @Test
    void refusesOtherColumns() {
        byte[] hits;
        try (FlightMemory memory = FlightMemory.limitedTo(1 << 20);
                HitsStream arrow = new HitsStream(memory)) {
            Hits none = new Hits(new LogOffset(1), 0, false, List.of(), null, null, null, null, null);
            hits = arrow.write(List.of(none), new Projection(false, false, false, false, false), false, 3);
        }
        QuiverException refusal = assertThrows(QuiverException.class, () -> read(hits));
        assertEquals("The Arrow IPC stream must have one column 'vector'", refusal.getMessage());
    }

    @Test
    void refusesCompressedBatches() {
        for (CodecType codec : List.of(CodecType.LZ4_FRAME, CodecType.ZSTD)) {
            QuiverException refusal = assertThrows(QuiverException.class, () -> read(stream("about", 1, 100, codec)));
            assertEquals("An Arrow IPC stream must not be compressed here", refusal.getMessage());
        }
    }

    /** Every damage is refused or harmless, and all memory is given back: closing the allocator would tell. */
    @Test
    void survivesDamage() throws IOException {
        System.out.printf("VectorsStreamTest: -Dquiver.seed=%d%n", SEED);
        Random random = new Random(SEED);
        byte[] whole = stream("about", 2, 2);
        try (FlightMemory memory = FlightMemory.limitedTo(512 << 20);
                VectorsStream vectors = new VectorsStream(memory)) {
            for (int i = 0; i < MUTATIONS; i++) {
                byte[] damaged = damaged(whole, random);
                try {
                    vectors.read(damaged);
                } catch (QuiverException refusal) {
                    assertEquals(ErrorCode.INVALID_ARGUMENT, refusal.code(), refusal::getMessage);
                }
                assertEquals(0, memory.usedBytes());
            }
        }
    }

    private static byte[] damaged(byte[] whole, Random random) {
        byte[] bytes = random.nextInt(4) == 0 ? Arrays.copyOf(whole, random.nextInt(whole.length)) : whole.clone();
        for (int i = 1 + random.nextInt(3); i > 0 && bytes.length > 0; i--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
        return bytes;
    }

    private static VectorsStream.Vectors read(byte[] stream) {
        try (FlightMemory memory = FlightMemory.limitedTo(16 << 20);
                VectorsStream vectors = new VectorsStream(memory)) {
            return vectors.read(stream);
        }
    }

    /** Row {@code i} of the stream is {@code i} and {@code i} and a half. */
    private static byte[] stream(String about, int batches, int rows) throws IOException {
        return stream(about, batches, rows, CodecType.NO_COMPRESSION);
    }

    private static byte[] stream(String about, int batches, int rows, CodecType codec) throws IOException {
        Field item = Field.nullable("item", new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE));
        Field column = new Field("vector", FieldType.nullable(new ArrowType.FixedSizeList(2)), List.of(item));
        Schema schema = new Schema(List.of(column), Map.of(VectorsStream.ABOUT, about));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (RootAllocator allocator = new RootAllocator();
                VectorSchemaRoot root = VectorSchemaRoot.create(schema, allocator);
                ArrowStreamWriter writer = writer(root, out, codec)) {
            for (int batch = 0; batch < batches; batch++) {
                fill((FixedSizeListVector) root.getVector("vector"), batch * rows, rows);
                root.setRowCount(rows);
                writer.writeBatch();
            }
            writer.end();
        }
        return out.toByteArray();
    }

    private static ArrowStreamWriter writer(VectorSchemaRoot root, OutputStream out, CodecType codec) {
        return new ArrowStreamWriter(
                root, null, Channels.newChannel(out), IpcOption.DEFAULT, new BoundedCompression(), codec);
    }

    private static void fill(FixedSizeListVector lists, int first, int rows) {
        Float4Vector values = (Float4Vector) lists.getDataVector();
        for (int i = 0; i < rows; i++) {
            lists.setNotNull(i);
            values.setSafe(2 * i, first + i);
            values.setSafe(2 * i + 1, first + i + 0.5f);
        }
        lists.setValueCount(rows);
    }
}

package io.quiver.flight;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.quiver.flight.compression.BoundedCompression;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.RecordBatch;
import org.apache.arrow.flight.impl.Flight.FlightData;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BaseLargeVariableWidthVector;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.BitVectorHelper;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorLoader;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.complex.LargeListVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.compression.CompressionUtil.CodecType;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.apache.arrow.vector.ipc.message.MessageSerializer;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Batches of any types with some bytes changed: what {@link MessageCheck} lets through Arrow loads without a complaint
 * and with no more memory than a batch may take, and all of it is given back.
 */
class DamagedBatchesTest {
    private static final int BATCHES = Integer.getInteger("quiver.batches", 4_000);
    private static final int ROWS_MAX = 80;

    /** The message, and what is made of it. */
    private static final long MEMORY_BYTES_MAX = FlightLimits.MESSAGE_BYTES_MAX + CheckedBatch.MEMORY_BYTES_MAX;

    private static final ArrowType FLOAT = new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE);
    private static final ArrowType LONG = new ArrowType.Int(64, true);
    private static final List<Field> FIELDS = List.of(
            field(LONG),
            field(FLOAT),
            field(ArrowType.Bool.INSTANCE),
            field(ArrowType.Null.INSTANCE),
            field(ArrowType.Utf8.INSTANCE),
            field(ArrowType.LargeBinary.INSTANCE),
            field(new ArrowType.FixedSizeBinary(16)),
            field(new ArrowType.FixedSizeList(4), field(FLOAT)),
            field(ArrowType.List.INSTANCE, field(FLOAT)),
            field(ArrowType.List.INSTANCE, field(ArrowType.List.INSTANCE, field(LONG))),
            field(ArrowType.LargeList.INSTANCE, field(ArrowType.Utf8.INSTANCE)),
            field(
                    new ArrowType.Map(false),
                    new Field(
                            "entries",
                            FieldType.notNullable(ArrowType.Struct.INSTANCE),
                            List.of(notNull(ArrowType.Utf8.INSTANCE), field(LONG)))));

    @Test
    void whatIsLetThroughIsLoadedAndGivenBack() throws Exception {
        long seed = Long.getLong("quiver.seed", System.nanoTime());
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        int letThrough = 0;
        int loaded = 0;
        try (BufferAllocator allocator = new RootAllocator(MEMORY_BYTES_MAX)) {
            for (int i = 0; i < BATCHES; i++) {
                String batch = "batch %d of seed %d".formatted(i, seed);
                try (VectorSchemaRoot root = root(allocator, random)) {
                    CodecType compression = List.of(CodecType.values()).get(random.nextInt(3));
                    RawBatches good = RawBatches.of(root, "{}", compression);
                    FlightData bad = damaged(good.batch(), random);
                    MessageCheck check = new MessageCheck();
                    assertNull(fault(check, good.schema()), batch);
                    assertNull(fault(check, good.batch()), batch);
                    if (fault(check, bad) == null) {
                        letThrough++;
                        loaded += isLoaded(allocator, root.getSchema(), bad) ? 1 : 0;
                    }
                }
                assertEquals(0, allocator.getAllocatedMemory(), batch);
                assertStaysEmpty(allocator.getEmpty(), batch);
            }
        }
        System.out.printf("let through %d, loaded %d of %d%n", letThrough, loaded, BATCHES);
        assertTrue(loaded > BATCHES / 20);
    }

    @Test
    void aListThatEndsOutsideOfItsValuesIsRefused() throws Exception {
        Schema schema = new Schema(List.of(named("lists", field(ArrowType.List.INSTANCE, field(FLOAT)))));
        try (BufferAllocator allocator = new RootAllocator();
                VectorSchemaRoot root = VectorSchemaRoot.create(schema, allocator)) {
            root.allocateNew();
            ListVector lists = (ListVector) root.getVector("lists");
            lists.startNewValue(0);
            lists.endValue(0, 3);
            root.setRowCount(1);
            for (int end : new int[] {4, Integer.MAX_VALUE, -1}) {
                lists.getOffsetBuffer().setInt(ListVector.OFFSET_WIDTH, end);
                for (CodecType compression : CodecType.values()) {
                    RawBatches lie = RawBatches.of(root, "{}", compression);
                    MessageCheck check = new MessageCheck();
                    assertNull(fault(check, lie.schema()));
                    String fault = fault(check, lie.batch());
                    assertTrue(fault != null && fault.contains(end < 0 ? "ends at -1" : "not " + end), fault);
                }
            }
        }
    }

    /** Texts without any bytes, which Arrow then has in a buffer that everybody shares. */
    @Test
    void aTextThatEndsOutsideOfItsBytesIsRefused() throws Exception {
        for (ArrowType type : List.of(ArrowType.Utf8.INSTANCE, ArrowType.LargeBinary.INSTANCE)) {
            Schema schema = new Schema(List.of(named("texts", field(type))));
            try (BufferAllocator allocator = new RootAllocator();
                    VectorSchemaRoot root = VectorSchemaRoot.create(schema, allocator)) {
                root.allocateNew();
                root.setRowCount(1);
                RawBatches good = RawBatches.of(root, "{}", CodecType.NO_COMPRESSION);
                int width = type instanceof ArrowType.Utf8 ? Integer.BYTES : Long.BYTES;
                assertNull(faultOfEnd(good, width, 0));
                for (int end : new int[] {1, Integer.MAX_VALUE, -1}) {
                    String fault = faultOfEnd(good, width, end);
                    assertTrue(fault != null && fault.contains(end < 0 ? "ends at -1" : "not " + end), fault);
                }
            }
        }
    }

    /** Of a batch of one text, whose end is changed. */
    private static @Nullable String faultOfEnd(RawBatches good, int width, int end) {
        Message header = Message.getRootAsMessage(good.batch().getDataHeader().asReadOnlyByteBuffer());
        RecordBatch flat = (RecordBatch) header.header(new RecordBatch());
        byte[] body = good.batch().getDataBody().toByteArray();
        ByteBuffer offsets = ByteBuffer.wrap(body).order(ByteOrder.LITTLE_ENDIAN);
        int at = (int) flat.buffers(1).offset() + width;
        if (width == Long.BYTES) {
            offsets.putLong(at, end);
        } else {
            offsets.putInt(at, end);
        }
        MessageCheck check = new MessageCheck();
        assertNull(fault(check, good.schema()));
        return fault(
                check,
                good.batch().toBuilder().setDataBody(ByteString.copyFrom(body)).build());
    }

    /** All allocators of the process share it. */
    private static void assertStaysEmpty(ArrowBuf empty, String batch) {
        assertEquals(0, empty.writerIndex(), batch);
        assertEquals(0, empty.readerIndex(), batch);
    }

    private static boolean isLoaded(BufferAllocator allocator, Schema schema, FlightData message) throws Exception {
        byte[] bytes = message.getDataBody().toByteArray();
        Message header = Message.getRootAsMessage(message.getDataHeader().asReadOnlyByteBuffer());
        try (VectorSchemaRoot root = VectorSchemaRoot.create(schema, allocator);
                ArrowBuf body = allocator.buffer(bytes.length)) {
            body.setBytes(0, bytes);
            body.getReferenceManager().retain();
            RecordBatch flat = (RecordBatch) header.header(new RecordBatch());
            try (ArrowRecordBatch batch = MessageSerializer.deserializeRecordBatch(flat, body)) {
                BoundedCompression.takeFault();
                new VectorLoader(root, new BoundedCompression()).load(batch);
                return BoundedCompression.takeFault() == null;
            }
        }
    }

    private static @Nullable String fault(MessageCheck check, FlightData message) {
        return check.of(new ByteArrayInputStream(message.toByteArray())).fault();
    }

    private static FlightData damaged(FlightData batch, Random random) {
        FlightData.Builder bad = batch.toBuilder();
        if (random.nextInt(4) > 0) {
            bad.setDataHeader(
                    ByteString.copyFrom(Damage.of(batch.getDataHeader().toByteArray(), random)));
        } else {
            bad.setDataBody(ByteString.copyFrom(Damage.of(batch.getDataBody().toByteArray(), random)));
        }
        return bad.build();
    }

    private static VectorSchemaRoot root(BufferAllocator allocator, Random random) {
        List<Field> fields = IntStream.rangeClosed(0, random.nextInt(4))
                .mapToObj(i -> named("c" + i, FIELDS.get(i == 0 ? 0 : random.nextInt(FIELDS.size()))))
                .toList();
        VectorSchemaRoot root = VectorSchemaRoot.create(new Schema(fields), allocator);
        int rows = random.nextInt(ROWS_MAX);
        root.allocateNew();
        root.getFieldVectors().forEach(column -> fill(column, rows, random));
        root.setRowCount(rows);
        return root;
    }

    private static void fill(FieldVector column, int values, Random random) {
        for (int i = 0; i < values; i++) {
            if (column.getField().isNullable() && random.nextInt(8) == 0) {
                continue;
            }
            switch (column) {
                case BaseFixedWidthVector _, FixedSizeListVector _, StructVector _ -> {
                    column.setValueCount(Math.max(column.getValueCount(), i + 1));
                    BitVectorHelper.setBit(column.getValidityBuffer(), i);
                }
                case BaseVariableWidthVector texts -> texts.setSafe(i, text(random));
                case BaseLargeVariableWidthVector texts -> texts.setSafe(i, text(random));
                case ListVector lists -> {
                    lists.startNewValue(i);
                    lists.endValue(i, random.nextInt(5));
                }
                case LargeListVector lists -> {
                    lists.startNewValue(i);
                    lists.endValue(i, random.nextInt(5));
                }
                default -> {}
            }
        }
        column.setValueCount(values);
        column.getChildrenFromFields().forEach(child -> fill(child, child.getValueCount(), random));
        column.setValueCount(values);
    }

    private static byte[] text(Random random) {
        return "x".repeat(random.nextInt(20)).getBytes(StandardCharsets.UTF_8);
    }

    private static Field field(ArrowType type, Field... children) {
        return new Field("item", FieldType.nullable(type), List.of(children));
    }

    private static Field notNull(ArrowType type) {
        return new Field("key", FieldType.notNullable(type), null);
    }

    private static Field named(String name, Field field) {
        return new Field(name, field.getFieldType(), field.getChildren());
    }
}

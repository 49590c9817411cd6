package io.quiver.flight.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.quiver.executor.Eventually;
import io.quiver.flight.Damage;
import io.quiver.flight.RawBatches;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.apache.arrow.flight.impl.Flight.FlightData;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.VectorUnloader;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.compression.CompressionUtil.CodecType;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.apache.arrow.vector.ipc.message.IpcOption;
import org.apache.arrow.vector.ipc.message.MessageSerializer;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Messages that are not what Arrow's format says, over a real connection: answered, and nothing is kept of them. */
class DamagedMessagesTest extends FlightServerTest {
    private static final int MUTATIONS = Integer.getInteger("quiver.mutations", 150);
    private static final int ROWS = 20;
    private static final String COMMAND = "{\"collection\":\"arrows\"}";
    private static final Set<Status.Code> ACCIDENTS = EnumSet.of(Status.Code.INTERNAL, Status.Code.UNKNOWN);

    private RawFlight caller;

    @BeforeEach
    void connect() {
        caller = new RawFlight(server.flight.port());
    }

    @AfterEach
    void disconnect() {
        caller.close();
    }

    @Test
    void whatIsNotDamagedIsTakenCompressedOrNot() throws Exception {
        try (VectorSchemaRoot root = records()) {
            for (CodecType compression : CodecType.values()) {
                assertEquals(
                        Status.Code.OK,
                        caller.send(
                                        "DoPut",
                                        RawBatches.of(root, COMMAND, compression)
                                                .messages())
                                .getCode());
            }
        }
        assertEquals(ROWS, info().getRecords());
    }

    @Test
    void randomDamageIsAnsweredAndNothingIsKept() throws Exception {
        long seed = Long.getLong("quiver.seed", System.nanoTime());
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        load(0, 1, 10);
        try (VectorSchemaRoot records = records();
                VectorSchemaRoot queries = vectors(true)) {
            fill(queries, 0, ROWS);
            for (int i = 0; i < MUTATIONS; i++) {
                boolean isLoad = random.nextBoolean();
                CodecType compression = List.of(CodecType.values()).get(random.nextInt(3));
                RawBatches good = RawBatches.of(isLoad ? records : queries, COMMAND, compression);
                Status status = caller.send(isLoad ? "DoPut" : "DoExchange", damaged(good, random));
                int mutation = i;
                assertFalse(
                        ACCIDENTS.contains(status.getCode()),
                        () -> "mutation %d of seed %d: %s".formatted(mutation, seed, status));
                awaitNothingHeld("mutation %d of seed %d: %s".formatted(i, seed, status));
            }
        }
        assertEquals(5, load(1000, 5, 10).size());
    }

    @Test
    void aHeaderThatClaimsMoreThanItsBodyIsRefused() throws Exception {
        try (VectorSchemaRoot root = records()) {
            RawBatches good = RawBatches.of(root, COMMAND, CodecType.NO_COMPRESSION);
            byte[] lie;
            try (ArrowRecordBatch batch = new VectorUnloader(root).getRecordBatch();
                    ArrowRecordBatch more = new ArrowRecordBatch(2_147_483_639, batch.getNodes(), batch.getBuffers())) {
                ByteBuffer header = MessageSerializer.serializeMetadata(more, IpcOption.DEFAULT);
                lie = new byte[header.remaining()];
                header.get(lie);
            }
            assertRefused("a batch of 2147483639 rows does not fit", good.schema(), withHeader(good, lie));
        }
    }

    @Test
    void aBombIsRefusedBeforeItIsDecompressed() throws Exception {
        byte[] zeros = new byte[48 << 20];
        try (VectorSchemaRoot root = VectorSchemaRoot.create(
                new Schema(List.of(text("id"), text("document"), text("uri"))), server.allocator)) {
            root.allocateNew();
            for (FieldVector column : root.getFieldVectors()) {
                ((VarCharVector) column).setSafe(0, zeros, 0, 1);
            }
            ((VarCharVector) root.getVector("document")).setSafe(0, zeros);
            ((VarCharVector) root.getVector("uri")).setSafe(0, zeros);
            root.setRowCount(1);
            for (CodecType compression : List.of(CodecType.ZSTD, CodecType.LZ4_FRAME)) {
                RawBatches bomb = RawBatches.of(root, COMMAND, compression);
                assertTrue(bomb.batch().getDataBody().size() < 1 << 20);
                assertRefused(
                        "a batch must not exceed 67108864 bytes when it is decompressed", bomb.schema(), bomb.batch());
            }
        }
    }

    @Test
    void aCompressedBufferThatLiesAboutItsSizeIsRefused() throws Exception {
        try (VectorSchemaRoot root = records()) {
            for (CodecType compression : List.of(CodecType.ZSTD, CodecType.LZ4_FRAME)) {
                RawBatches good = RawBatches.of(root, COMMAND, compression);
                ByteBuffer body = ByteBuffer.wrap(good.batch().getDataBody().toByteArray())
                        .order(ByteOrder.LITTLE_ENDIAN);
                for (long size : new long[] {1, 10_000, Long.MAX_VALUE, Long.MIN_VALUE, -2}) {
                    body.putLong(0, size);
                    FlightData lie = good.batch().toBuilder()
                            .setDataBody(ByteString.copyFrom(body.array()))
                            .build();
                    assertRefused("a ", good.schema(), lie);
                }
            }
        }
    }

    @Test
    void dictionariesAndExtensionsAreRefused() throws Exception {
        Map<String, String> metadata = Map.of("ARROW:extension:name", "arrow.uuid", "ARROW:extension:metadata", "");
        Field extension = new Field("key", new FieldType(true, ArrowType.Utf8.INSTANCE, null, metadata), null);
        try (VectorSchemaRoot root = VectorSchemaRoot.create(
                new Schema(List.of(Upload.ID, Upload.embedding(DIMENSION), extension)), server.allocator)) {
            root.allocateNew();
            root.setRowCount(0);
            RawBatches batches = RawBatches.of(root, COMMAND, CodecType.NO_COMPRESSION);
            assertRefused(
                    "column 'key' must not be of the extension type arrow.uuid", batches.schema(), batches.batch());
        }
    }

    @Test
    void aSchemaWithoutEndIsRefused() throws Exception {
        Field deep = text("leaf");
        for (int i = 0; i < 40; i++) {
            deep = new Field("level", FieldType.nullable(ArrowType.Struct.INSTANCE), List.of(deep));
        }
        try (VectorSchemaRoot root = VectorSchemaRoot.create(new Schema(List.of(deep)), server.allocator)) {
            RawBatches batches = RawBatches.of(root, COMMAND, CodecType.NO_COMPRESSION);
            assertRefused("a schema must not have more than", batches.schema(), batches.batch());
        }
    }

    /** The last callbacks of a call may come after its end. */
    private void awaitNothingHeld(String what) {
        Eventually.await(
                () -> server.flight.usedBytes() == 0, () -> what + " left " + server.flight.usedBytes() + " bytes");
    }

    private void assertRefused(String reason, FlightData... messages) throws Exception {
        List<byte[]> bytes = new ArrayList<>();
        for (FlightData message : messages) {
            bytes.add(message.toByteArray());
        }
        Status status = caller.send("DoPut", bytes);
        assertEquals(Status.Code.INVALID_ARGUMENT, status.getCode(), status::toString);
        assertTrue(String.valueOf(status.getDescription()).startsWith(reason), status::toString);
    }

    private static FlightData withHeader(RawBatches good, byte[] header) {
        return good.batch().toBuilder()
                .setDataHeader(ByteString.copyFrom(header))
                .build();
    }

    /** The messages with some bytes changed: in a header, in the body, or anywhere in what travels. */
    private static List<byte[]> damaged(RawBatches good, Random random) {
        FlightData schema = good.schema();
        FlightData batch = good.batch();
        switch (random.nextInt(6)) {
            case 0 -> batch = withHeader(good, Damage.of(batch.getDataHeader().toByteArray(), random));
            case 1 ->
                batch = batch.toBuilder()
                        .setDataBody(ByteString.copyFrom(
                                Damage.of(batch.getDataBody().toByteArray(), random)))
                        .build();
            case 2 ->
                schema = schema.toBuilder()
                        .setDataHeader(ByteString.copyFrom(
                                Damage.of(schema.getDataHeader().toByteArray(), random)))
                        .build();
            case 3 -> {
                return List.of(schema.toByteArray(), Damage.of(batch.toByteArray(), random), batch.toByteArray());
            }
            case 4 -> {
                return List.of(Damage.of(schema.toByteArray(), random), batch.toByteArray());
            }
            default -> {
                return List.of(batch.toByteArray(), schema.toByteArray(), "{}".getBytes(StandardCharsets.UTF_8));
            }
        }
        return List.of(schema.toByteArray(), batch.toByteArray());
    }

    private VectorSchemaRoot records() {
        VectorSchemaRoot root = VectorSchemaRoot.create(
                new Schema(List.of(
                        Upload.ID,
                        Upload.embedding(DIMENSION),
                        text("document"),
                        text("metadata"),
                        field("count", new ArrowType.Int(64, true)))),
                server.allocator);
        root.allocateNew();
        FixedSizeListVector lists = (FixedSizeListVector) root.getVector("embedding");
        for (int row = 0; row < ROWS; row++) {
            ((VarCharVector) root.getVector("id")).setSafe(row, ("r" + row).getBytes(StandardCharsets.UTF_8));
            lists.setNotNull(row);
            for (int i = 0; i < DIMENSION; i++) {
                ((Float4Vector) lists.getDataVector()).setSafe(row * DIMENSION + i, row);
            }
            ((VarCharVector) root.getVector("metadata")).setSafe(row, "{\"a\":[1,2]}".getBytes(StandardCharsets.UTF_8));
            ((BigIntVector) root.getVector("count")).setSafe(row, row);
        }
        root.setRowCount(ROWS);
        return root;
    }
}

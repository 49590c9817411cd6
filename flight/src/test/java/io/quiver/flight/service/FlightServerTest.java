package io.quiver.flight.service;

import com.fasterxml.jackson.databind.JsonNode;
import io.quiver.log.RecordLimits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.FlightInfo;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.Ticket;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A running server with an empty collection, and what callers do to it. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
@SuppressWarnings("try") // Arrow's streams throw what they like when they are closed
abstract class FlightServerTest {
    static final FlightDescriptor ARROWS = FlightDescriptor.path("default_tenant", "default_database", "arrows");
    static final int DIMENSION = 4;

    @TempDir
    Path directory;

    RunningServer server;

    RecordLimits limits() {
        return RecordLimits.DEFAULT;
    }

    @BeforeEach
    void start() throws IOException {
        server = new RunningServer(directory, Duration.ofMillis(500), limits());
        server.create("arrows");
    }

    @AfterEach
    void everythingIsGivenBack() throws InterruptedException {
        server.close();
    }

    Upload upload(FlightDescriptor descriptor, Field... fields) {
        return new Upload(server.client, server.allocator, descriptor, fields);
    }

    List<JsonNode> load(int first, int batches, int rows) {
        try (Upload upload = upload(ARROWS, Upload.ID, Upload.embedding(DIMENSION))) {
            for (int i = 0; i < batches; i++) {
                upload.fill(first + i * rows, rows);
                upload.send();
            }
            return upload.finish();
        }
    }

    VectorSchemaRoot vectors(boolean withIds) {
        Field vector = new Field(
                "vector",
                Upload.embedding(DIMENSION).getFieldType(),
                Upload.embedding(DIMENSION).getChildren());
        Field id = field("query_id", new ArrowType.Int(64, true));
        return VectorSchemaRoot.create(new Schema(withIds ? List.of(vector, id) : List.of(vector)), server.allocator);
    }

    static void fill(VectorSchemaRoot root, int first, int rows) {
        root.allocateNew();
        FixedSizeListVector lists = (FixedSizeListVector) root.getVector("vector");
        for (int row = 0; row < rows; row++) {
            lists.setNotNull(row);
            for (int i = 0; i < DIMENSION; i++) {
                ((Float4Vector) lists.getDataVector()).setSafe(row * DIMENSION + i, first + row + 0.1f);
            }
            if (root.getVector("query_id") instanceof BigIntVector ids) {
                ids.setSafe(row, 1000 + first + row);
            }
        }
        root.setRowCount(rows);
    }

    void scan(String ticket, Consumer<VectorSchemaRoot> each) throws Exception {
        try (FlightStream records = server.client.getStream(ticket(ticket))) {
            while (records.next()) {
                each.accept(records.getRoot());
            }
        }
    }

    FlightInfo info() {
        return server.client.getInfo(ARROWS);
    }

    static FlightDescriptor command(String json) {
        return FlightDescriptor.command(json.getBytes(StandardCharsets.UTF_8));
    }

    static Ticket ticket(String json) {
        return new Ticket(json.getBytes(StandardCharsets.UTF_8));
    }

    static Field field(String name, ArrowType type) {
        return new Field(name, FieldType.nullable(type), null);
    }

    static Field text(String name) {
        return field(name, ArrowType.Utf8.INSTANCE);
    }

    static String text(VectorSchemaRoot batch, String column, int row) {
        return new String(((VarCharVector) batch.getVector(column)).get(row), StandardCharsets.UTF_8);
    }

    static List<String> names(VectorSchemaRoot batch) {
        return batch.getSchema().getFields().stream().map(Field::getName).toList();
    }
}

package io.quiver.gateway.history;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.flight.Action;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.Location;
import org.apache.arrow.flight.PutResult;
import org.apache.arrow.flight.SyncPutListener;
import org.apache.arrow.flight.Ticket;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;

/** Groups over Flight, by a connection of its own; each call is a stream. */
@SuppressWarnings("try") // Arrow's clients throw what they like when they are closed
final class FlightGroups implements AutoCloseable {
    private final RootAllocator allocator = new RootAllocator();
    private final FlightClient client;
    private final String collection;

    /** @param collection id of the collection */
    FlightGroups(URI server, String collection) {
        this.client = FlightClient.builder(allocator, Location.forGrpcInsecure(server.getHost(), server.getPort()))
                .build();
        this.collection = collection;
    }

    long write(int group, int version) throws Exception {
        SyncPutListener listener = new SyncPutListener();
        try (VectorSchemaRoot batch = VectorSchemaRoot.create(
                new Schema(List.of(text("id"), vector("embedding"), text("metadata"))), allocator)) {
            var put = client.startPut(FlightDescriptor.command(bytes(about())), batch, listener);
            fill(batch, group, version);
            put.putNext();
            put.completed();
            try (PutResult acknowledged = listener.read()) {
                if (acknowledged == null) {
                    throw new RefusedException("the stream ended without an acknowledgement");
                }
                return json(acknowledged.getApplicationMetadata()).getLong("offset");
            }
        }
    }

    private static void fill(VectorSchemaRoot batch, int group, int version) {
        List<String> ids = Groups.ids(group);
        for (int row = 0; row < ids.size(); row++) {
            ((VarCharVector) batch.getVector("id")).setSafe(row, bytes(ids.get(row)));
            ((VarCharVector) batch.getVector("metadata")).setSafe(row, bytes(Groups.metadata(version)));
            setVector(batch, "embedding", row, Groups.embedding(group, row));
        }
        batch.setRowCount(ids.size());
    }

    Seen scan(int group, String consistency) throws Exception {
        JsonObject asked = about().put("where", isOf(group))
                .put("include", new JsonArray(List.of("metadatas")))
                .put("consistency", consistency);
        List<Integer> versions = new ArrayList<>();
        long offset = -1;
        try (FlightStream records = client.getStream(new Ticket(bytes(asked)))) {
            while (records.next()) {
                VarCharVector metadata = (VarCharVector) records.getRoot().getVector("metadata");
                for (int row = 0; row < records.getRoot().getRowCount(); row++) {
                    versions.add(version(metadata, row));
                }
                offset = json(records.getLatestMetadata()).getLong("offset");
            }
        }
        return new Seen(versions, offset, false);
    }

    Seen search(int group, String consistency) throws Exception {
        JsonObject asked = about().put("k", Groups.RECORDS * 2)
                .put("where", isOf(group))
                .put("include", new JsonArray(List.of("metadatas")))
                .put("consistency", consistency);
        try (var exchange = client.doExchange(FlightDescriptor.command(bytes(asked)));
                VectorSchemaRoot batch = VectorSchemaRoot.create(new Schema(List.of(vector("vector"))), allocator)) {
            exchange.getWriter().start(batch);
            setVector(batch, "vector", 0, Groups.embedding(group, 1));
            batch.setRowCount(1);
            exchange.getWriter().putNext();
            exchange.getWriter().completed();
            return answer(exchange.getReader());
        }
    }

    private static Seen answer(FlightStream answers) throws RefusedException {
        if (!answers.next()) {
            throw new RefusedException("the stream ended without an answer");
        }
        ListVector lists = (ListVector) answers.getRoot().getVector("metadatas");
        List<Integer> versions = new ArrayList<>();
        for (int i = lists.getElementStartIndex(0); i < lists.getElementEndIndex(0); i++) {
            versions.add(version((VarCharVector) lists.getDataVector(), i));
        }
        long offset = json(answers.getLatestMetadata()).getLong("offset");
        while (answers.next()) {
            throw new RefusedException("one question has two answers");
        }
        return new Seen(versions, offset, false);
    }

    /** Records of the collection, and the offset of the answer. */
    JsonObject count(String consistency) {
        JsonObject asked = about().put("consistency", consistency);
        var results = client.doAction(new Action("count", bytes(asked)));
        return new JsonObject(new String(results.next().getBody(), StandardCharsets.UTF_8));
    }

    private static JsonObject isOf(int group) {
        return new JsonObject().put("#id", new JsonObject().put("$in", new JsonArray(Groups.ids(group))));
    }

    private JsonObject about() {
        return new JsonObject().put("collection", collection);
    }

    private static int version(VarCharVector texts, int row) {
        return new JsonObject(new String(texts.get(row), StandardCharsets.UTF_8)).getInteger("version");
    }

    private static void setVector(VectorSchemaRoot batch, String name, int row, float... values) {
        FixedSizeListVector lists = (FixedSizeListVector) batch.getVector(name);
        Float4Vector floats = (Float4Vector) lists.getDataVector();
        lists.setNotNull(row);
        for (int i = 0; i < values.length; i++) {
            floats.setSafe(row * values.length + i, values[i]);
        }
    }

    private static Field text(String name) {
        return new Field(name, FieldType.nullable(new ArrowType.Utf8()), null);
    }

    private static Field vector(String name) {
        Field item = new Field(
                "item", FieldType.notNullable(new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE)), null);
        int dimension = Groups.embedding(0, 0).length;
        return new Field(name, FieldType.notNullable(new ArrowType.FixedSizeList(dimension)), List.of(item));
    }

    private static JsonObject json(ArrowBuf bytes) {
        byte[] text = new byte[(int) bytes.readableBytes()];
        bytes.getBytes(bytes.readerIndex(), text);
        return new JsonObject(new String(text, StandardCharsets.UTF_8));
    }

    private static byte[] bytes(JsonObject json) {
        return bytes(json.encode());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws InterruptedException {
        client.close();
        allocator.close();
    }
}

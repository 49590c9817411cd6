package io.quiver.flight.service;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.IntFunction;
import org.apache.arrow.flight.AsyncPutListener;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightClient.ClientStreamListener;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.PutResult;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;

/** A caller that loads batches by Arrow's own client and vectors. */
final class Upload implements AutoCloseable {
    static final Field ID = new Field("id", FieldType.notNullable(ArrowType.Utf8.INSTANCE), null);

    private final VectorSchemaRoot root;
    private final List<JsonNode> acknowledged = Collections.synchronizedList(new ArrayList<>());
    private final AsyncPutListener listener = new AsyncPutListener() {
        @Override
        public void onNext(PutResult result) {
            byte[] json = new byte[(int) result.getApplicationMetadata().readableBytes()];
            result.getApplicationMetadata().getBytes(0, json);
            synchronized (acknowledged) {
                acknowledged.add(parse(json));
                acknowledged.notifyAll();
            }
        }
    };
    private final ClientStreamListener stream;

    Upload(FlightClient client, BufferAllocator allocator, FlightDescriptor descriptor, Field... fields) {
        this.root = VectorSchemaRoot.create(new Schema(List.of(fields)), allocator);
        this.stream = client.startPut(descriptor, root, listener);
    }

    static Field embedding(int dimension) {
        ArrowType floats = new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE);
        Field item = new Field("item", FieldType.nullable(floats), null);
        return new Field("embedding", FieldType.nullable(new ArrowType.FixedSizeList(dimension)), List.of(item));
    }

    FieldVector column(String name) {
        return root.getVector(name);
    }

    /** Fills ids from {@code first} on, and embeddings of which all values are the number in the id. */
    void fill(int first, int rows) {
        ids(first, rows);
        for (int i = 0; i < rows; i++) {
            embedding(i, first + i);
        }
        root.setRowCount(rows);
    }

    /** Fills ids from {@code first} on, and nothing else. */
    void ids(int first, int rows) {
        ids(rows, row -> "r" + (first + row));
    }

    void ids(int rows, IntFunction<String> id) {
        root.allocateNew();
        for (int row = 0; row < rows; row++) {
            text("id", row, id.apply(row));
        }
    }

    void sendRows(int rows) {
        root.setRowCount(rows);
        stream.putNext();
    }

    /** Waits until so many batches have been acknowledged. */
    void awaitAcknowledged(int count) throws InterruptedException {
        synchronized (acknowledged) {
            while (acknowledged.size() < count) {
                acknowledged.wait();
            }
        }
    }

    void text(String column, int row, String text) {
        ((VarCharVector) column(column)).setSafe(row, text.getBytes(StandardCharsets.UTF_8));
    }

    void embedding(int row, float value) {
        FixedSizeListVector lists = (FixedSizeListVector) column("embedding");
        Float4Vector values = (Float4Vector) lists.getDataVector();
        lists.setNotNull(row);
        for (int i = 0; i < lists.getListSize(); i++) {
            values.setSafe(row * lists.getListSize() + i, value);
        }
    }

    void send() {
        stream.putNext();
    }

    /** The acknowledgements; throws what the server refused with. */
    List<JsonNode> finish() {
        stream.completed();
        stream.getResult();
        return acknowledged;
    }

    List<JsonNode> acknowledged() {
        return acknowledged;
    }

    @Override
    public void close() {
        root.close();
    }

    private static JsonNode parse(byte[] json) {
        try {
            return Command.JSON.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

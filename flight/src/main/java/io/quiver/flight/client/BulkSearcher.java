package io.quiver.flight.client;

import java.io.Closeable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightClient.ExchangeReaderWriter;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;

/** One {@code DoExchange} stream: batches of queries in, the ids and distances of their hits out. */
public final class BulkSearcher implements Closeable {
    private final VectorSchemaRoot root;
    private final ExchangeReaderWriter exchange;
    private final int dimension;

    BulkSearcher(FlightClient client, BufferAllocator allocator, FlightDescriptor descriptor, int dimension) {
        this.dimension = dimension;
        this.root = VectorSchemaRoot.create(
                new Schema(List.of(
                        new Field("query_id", FieldType.notNullable(new ArrowType.Int(64, true)), null),
                        VectorColumn.field("vector", dimension))),
                allocator);
        this.exchange = client.doExchange(descriptor);
        exchange.getWriter().start(root);
    }

    /** Hits of one query, nearest first. */
    public record Found(List<String> ids, float[] distances) {}

    /** Asks {@code count} queries, which lie one after the other in {@code values}, and waits for all their answers. */
    public List<Found> search(float[] values, int from, int count) {
        root.clear();
        BigIntVector ids = (BigIntVector) root.getVector("query_id");
        ids.allocateNew(count);
        for (int i = 0; i < count; i++) {
            ids.set(i, i);
        }
        VectorColumn.fill((FixedSizeListVector) root.getVector("vector"), values, from, count, dimension);
        root.setRowCount(count);
        exchange.getWriter().putNext();
        return answers(count);
    }

    private List<Found> answers(int count) {
        List<Found> answers = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            answers.add(new Found(List.of(), new float[0]));
        }
        for (int seen = 0; seen < count; ) {
            if (!exchange.getReader().next()) {
                throw new IllegalStateException("the server ended the search");
            }
            seen += read(exchange.getReader().getRoot(), answers);
        }
        return answers;
    }

    private static int read(VectorSchemaRoot batch, List<Found> answers) {
        BigIntVector queryIds = (BigIntVector) batch.getVector("query_id");
        ListVector idLists = (ListVector) batch.getVector("ids");
        ListVector distanceLists = (ListVector) batch.getVector("distances");
        VarCharVector ids = (VarCharVector) idLists.getDataVector();
        Float4Vector distances = (Float4Vector) distanceLists.getDataVector();
        for (int row = 0; row < batch.getRowCount(); row++) {
            List<String> found = new ArrayList<>();
            for (int i = idLists.getElementStartIndex(row); i < idLists.getElementEndIndex(row); i++) {
                found.add(new String(ids.get(i), StandardCharsets.UTF_8));
            }
            float[] far = new float[found.size()];
            for (int i = 0; i < far.length; i++) {
                far[i] = distances.get(distanceLists.getElementStartIndex(row) + i);
            }
            answers.set((int) queryIds.get(row), new Found(found, far));
        }
        return batch.getRowCount();
    }

    @Override
    public void close() {
        try {
            exchange.getWriter().completed();
            while (exchange.getReader().next()) {
                // What was still under way belongs to nobody.
            }
            exchange.close();
        } catch (Exception e) {
            throw new IllegalStateException("the search stream did not end well", e);
        } finally {
            root.close();
        }
    }
}

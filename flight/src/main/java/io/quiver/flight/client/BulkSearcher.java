package io.quiver.flight.client;

import io.quiver.flight.FlightAddress;
import io.quiver.flight.FlightPeer;
import java.io.Closeable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
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

/**
 * One {@code DoExchange} stream: batches of queries in, the ids and distances of their hits out. Batches may be sent
 * ahead of their answers: a batch in the hands of the server while the one before is read keeps both sides busy.
 */
public final class BulkSearcher implements Closeable {
    private static final Found NOTHING = new Found(-1, List.of(), new float[0]);

    private final FlightPeer peer;
    private final VectorSchemaRoot root;
    private final ExchangeReaderWriter exchange;
    private final int dimension;
    private long asked;

    BulkSearcher(FlightAddress server, BufferAllocator allocator, FlightDescriptor descriptor, int dimension) {
        this.dimension = dimension;
        this.root = VectorSchemaRoot.create(
                new Schema(List.of(
                        new Field("query_id", FieldType.notNullable(new ArrowType.Int(64, true)), null),
                        VectorColumn.field("vector", dimension))),
                allocator);
        this.peer = FlightPeer.at(server, allocator, () -> {});
        this.exchange = peer.exchange(descriptor);
        exchange.getWriter().start(root);
    }

    /** Hits of one query, nearest first; queries are numbered as they are asked, from 0 on. */
    public record Found(long query, List<String> ids, float[] distances) {}

    /** Asks {@code count} queries, which lie one after the other in {@code values}, and waits for all their answers. */
    public List<Found> search(float[] values, int from, int count) {
        long first = asked;
        ask(values, from, count);
        List<Found> answers = new ArrayList<>(Collections.nCopies(count, NOTHING));
        for (int seen = 0; seen < count; ) {
            List<Found> some = answers();
            some.forEach(found -> answers.set((int) (found.query - first), found));
            seen += some.size();
        }
        return answers;
    }

    /** Sends a batch of queries without waiting for its answers. */
    public void ask(float[] values, int from, int count) {
        root.clear();
        BigIntVector ids = (BigIntVector) root.getVector("query_id");
        ids.allocateNew(count);
        for (int i = 0; i < count; i++) {
            ids.set(i, asked++);
        }
        VectorColumn.fill((FixedSizeListVector) root.getVector("vector"), values, from, count, dimension);
        root.setRowCount(count);
        exchange.getWriter().putNext();
    }

    /** Waits for some answers to queries that have been asked, in any order of batches. */
    public List<Found> answers() {
        if (!peer.next(exchange.getReader())) {
            throw new IllegalStateException("the server ended the search");
        }
        return read(exchange.getReader().getRoot());
    }

    private static List<Found> read(VectorSchemaRoot batch) {
        BigIntVector queryIds = (BigIntVector) batch.getVector("query_id");
        ListVector idLists = (ListVector) batch.getVector("ids");
        ListVector distanceLists = (ListVector) batch.getVector("distances");
        VarCharVector ids = (VarCharVector) idLists.getDataVector();
        Float4Vector distances = (Float4Vector) distanceLists.getDataVector();
        List<Found> answers = new ArrayList<>(batch.getRowCount());
        for (int row = 0; row < batch.getRowCount(); row++) {
            List<String> found = new ArrayList<>();
            for (int i = idLists.getElementStartIndex(row); i < idLists.getElementEndIndex(row); i++) {
                found.add(new String(ids.get(i), StandardCharsets.UTF_8));
            }
            float[] far = new float[found.size()];
            for (int i = 0; i < far.length; i++) {
                far[i] = distances.get(distanceLists.getElementStartIndex(row) + i);
            }
            answers.add(new Found(queryIds.get(row), found, far));
        }
        return answers;
    }

    @Override
    public void close() {
        try {
            exchange.getWriter().completed();
            while (peer.next(exchange.getReader())) {
                // What was still under way belongs to nobody.
            }
            exchange.close();
        } catch (Exception e) {
            throw new IllegalStateException("the search stream did not end well", e);
        } finally {
            root.close();
            peer.close();
        }
    }
}

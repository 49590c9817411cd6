package io.quiver.flight.service;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quiver.executor.QueryExecutor;
import io.quiver.executor.query.Consistency;
import io.quiver.executor.query.Deadline;
import io.quiver.executor.query.Filter;
import io.quiver.executor.query.Hits;
import io.quiver.executor.query.Projection;
import io.quiver.executor.query.Query;
import io.quiver.executor.query.SearchEffort;
import io.quiver.flight.StreamGate;
import io.quiver.flight.codec.EmbeddingColumn;
import io.quiver.log.catalog.Collection;
import io.quiver.log.record.Embedding;
import io.quiver.log.record.QuiverException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.flight.FlightDescriptor;
import org.apache.arrow.flight.FlightProducer.ServerStreamListener;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.jspecify.annotations.Nullable;

/** One {@code DoExchange}: each batch of vectors is searched as a whole, in one view, and answered before the next. */
final class BulkSearch {
    static final String VECTOR = "vector";
    static final String QUERY_ID = "query_id";

    private static final int QUERIES_MAX = 65_536;
    private static final int K_DEFAULT = 10;

    private final CollectionFinder collections;
    private final QueryExecutor executor;
    private final BufferAllocator allocator;
    private final Duration timeout;
    private final StreamGate gate;
    private long nextId;

    BulkSearch(
            CollectionFinder collections,
            QueryExecutor executor,
            BufferAllocator allocator,
            Duration timeout,
            StreamGate gate) {
        this.collections = collections;
        this.executor = executor;
        this.allocator = allocator;
        this.timeout = timeout;
        this.gate = gate;
    }

    void run(FlightStream vectors, ServerStreamListener stream) {
        Search search = search(gate.descriptor(vectors));
        HitsColumns columns = new HitsColumns(search.projection, search.estimateRecall, search.collection.dimension());
        try (BatchStream answers = new BatchStream(gate, stream, allocator, columns.columns())) {
            while (gate.next(vectors)) {
                answer(search, vectors.getRoot(), columns, answers);
            }
            gate.refuseIfStopping();
        }
    }

    private record Search(
            Collection collection,
            int k,
            Filter filter,
            Projection projection,
            SearchEffort effort,
            boolean estimateRecall) {
        Query query(Embedding embedding, Deadline deadline) {
            Integer dimension = collection.dimension();
            if (dimension != null && embedding.dimension() != dimension) {
                throw QuiverException.invalid(
                        "a vector has dimension %d, the collection has %d".formatted(embedding.dimension(), dimension));
            }
            return new Query.Nearest(
                    collection.id(),
                    embedding,
                    k,
                    filter,
                    projection,
                    Consistency.STRONG,
                    deadline,
                    effort,
                    estimateRecall,
                    false);
        }
    }

    private Search search(FlightDescriptor descriptor) {
        if (!descriptor.isCommand()) {
            return search(gate.await(collections.find(descriptor)), Command.read(new byte[0]));
        }
        Command command = Command.read(
                descriptor.getCommand(),
                "tenant",
                "database",
                "collection",
                "k",
                "where",
                "where_document",
                "include",
                "ef",
                "target_recall",
                "estimate_recall");
        return search(gate.await(collections.find(command)), command);
    }

    private static Search search(Collection collection, Command command) {
        return new Search(
                collection,
                (int) command.number("k", K_DEFAULT, 1, Query.Nearest.K_MAX),
                command.filter(),
                command.include(List.of("distances")),
                command.effort(),
                command.flag("estimate_recall"));
    }

    private void answer(Search search, VectorSchemaRoot batch, HitsColumns columns, BatchStream answers) {
        List<Query> queries = queries(search, batch);
        long[] ids = ids(batch);
        if (queries.isEmpty()) {
            return;
        }
        List<Hits> hits = gate.await(executor.execute(queries));
        for (int i = 0; i < ids.length; i++) {
            columns.add(ids[i], hits.get(i));
            if (i == ids.length - 1 || columns.sizeBytes() >= BatchStream.BATCH_BYTES) {
                answers.send(about(hits));
                columns.clear();
            }
        }
    }

    private List<Query> queries(Search search, VectorSchemaRoot batch) {
        int rows = batch.getRowCount();
        if (rows > QUERIES_MAX) {
            throw QuiverException.invalid(
                    "a batch must not hold more than %d vectors, not %d".formatted(QUERIES_MAX, rows));
        }
        FieldVector column = batch.getVector(VECTOR);
        if (column == null || column.getField().getDictionary() != null || column.getValueCount() != rows) {
            throw QuiverException.invalid("there must be a column '%s' of lists of float32".formatted(VECTOR));
        }
        try {
            return queries(search, EmbeddingColumn.read(column, rows), rows);
        } catch (IndexOutOfBoundsException | ArithmeticException e) {
            throw QuiverException.invalid("the batch is damaged: " + e.getMessage());
        }
    }

    private List<Query> queries(Search search, EmbeddingColumn vectors, int rows) {
        Deadline deadline = Deadline.after(timeout);
        List<Query> queries = new ArrayList<>(rows);
        for (int row = 0; row < rows; row++) {
            queries.add(search.query(vectors.at(row), deadline));
        }
        return queries;
    }

    /** Those of the caller, or else the numbers of the vectors in the stream. */
    private long[] ids(VectorSchemaRoot batch) {
        long[] ids = new long[batch.getRowCount()];
        BigIntVector given = givenIds(batch.getVector(QUERY_ID));
        for (int row = 0; row < ids.length; row++) {
            ids[row] = given == null ? nextId++ : given.get(row);
        }
        return ids;
    }

    private static @Nullable BigIntVector givenIds(@Nullable FieldVector column) {
        if (column == null) {
            return null;
        }
        if (column instanceof BigIntVector ids && ids.getNullCount() == 0) {
            return ids;
        }
        throw QuiverException.invalid("column '%s' must be int64 without nulls".formatted(QUERY_ID));
    }

    private static byte[] about(List<Hits> hits) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("offset", hits.getFirst().offset().value());
        if (hits.stream().anyMatch(Hits::partial)) {
            json.put("partial", true);
        }
        return Command.write(json);
    }
}

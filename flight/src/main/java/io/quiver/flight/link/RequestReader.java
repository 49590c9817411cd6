package io.quiver.flight.link;

import io.quiver.executor.query.Filter;
import io.quiver.executor.query.Query;
import io.quiver.flight.codec.Floats;
import io.quiver.log.record.Embedding;
import io.quiver.log.record.LogOffset;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.ListVector;
import org.jspecify.annotations.Nullable;

/** Requests out of an Arrow batch; throws {@link RuntimeException} for what {@link RequestColumns} did not write. */
final class RequestReader {
    /** A request with the number under which its answer goes back. */
    record Numbered(long number, Request request) implements Asking {
        @Override
        public List<Query> queries() {
            return request instanceof Request.Ask(var queries) ? queries : List.of();
        }
    }

    private final QueryCodec queries = new QueryCodec();

    List<Numbered> read(VectorSchemaRoot batch) {
        return new Rows(batch).read();
    }

    private final class Rows {
        private final BigIntVector numbers;
        private final VarBinaryVector bodies;
        private final ListVector vectors;
        private final float[] floats;
        private final int count;
        private final List<Numbered> requests = new ArrayList<>();

        Rows(VectorSchemaRoot batch) {
            this.numbers = (BigIntVector) batch.getVector(RequestColumns.REQUEST);
            this.bodies = (VarBinaryVector) batch.getVector(RequestColumns.BODY);
            this.vectors = (ListVector) batch.getVector(RequestColumns.VECTOR);
            this.count = batch.getRowCount();
            this.floats = Floats.copy(
                    vectors.getDataVector().getDataBuffer(),
                    0,
                    vectors.getDataVector().getValueCount());
        }

        List<Numbered> read() {
            int row = 0;
            while (row < count) {
                byte[] body = bodies.get(row);
                row = body[0] <= QueryCodec.SEARCH ? readQueries(row) : readControl(row, body);
            }
            return requests;
        }

        private int readQueries(int first) {
            long number = numbers.get(first);
            List<Query> batch = new ArrayList<>();
            Filter before = null;
            int row = first;
            while (row < count && numbers.get(row) == number) {
                Query query = queries.read(bodies.get(row), embedding(row), before);
                before = query.filter();
                batch.add(query);
                row++;
            }
            requests.add(new Numbered(number, new Request.Ask(batch)));
            return row;
        }

        private int readControl(int row, byte[] body) {
            ByteBuffer in = ByteBuffer.wrap(body).order(ByteOrder.LITTLE_ENDIAN);
            int kind = in.get();
            Request request = switch (kind) {
                case RequestColumns.AWAIT_APPLIED ->
                    new Request.AwaitApplied(QueryCodec.readCollection(in), new LogOffset(in.getLong()));
                case RequestColumns.ADMIT_WRITE -> new Request.AdmitWrite(QueryCodec.readCollection(in), in.getLong());
                case RequestColumns.CANCEL -> new Request.Cancel();
                default -> throw new IllegalArgumentException("unknown kind of request: " + kind);
            };
            requests.add(new Numbered(numbers.get(row), request));
            return row + 1;
        }

        private @Nullable Embedding embedding(int row) {
            int start = vectors.getElementStartIndex(row);
            int end = vectors.getElementEndIndex(row);
            return start == end ? null : Embedding.slice(floats, start, end - start);
        }
    }
}

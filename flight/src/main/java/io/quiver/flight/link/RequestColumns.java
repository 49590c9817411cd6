package io.quiver.flight.link;

import io.quiver.executor.query.Filter;
import io.quiver.executor.query.Query;
import io.quiver.flight.codec.BytesColumn;
import io.quiver.flight.codec.Column;
import io.quiver.flight.codec.FloatColumn;
import io.quiver.flight.codec.ListColumn;
import io.quiver.flight.codec.LongColumn;
import io.quiver.log.record.GrowingBuffer;
import java.util.List;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Requests as an Arrow batch in the making: a row a query. Rows of one request are neighbours and share its number.
 *
 * <pre>
 * request int64 | body binary: u8 kind, the rest by {@link QueryCodec} or below | vector list of float32, or empty
 * kinds above those of queries: 5 await applied: collection, u64 offset | 6 admit write: collection, u64 bytes | 7 cancel
 * </pre>
 */
final class RequestColumns {
    static final String REQUEST = "request";
    static final String BODY = "body";
    static final String VECTOR = "vector";

    static final int AWAIT_APPLIED = 5;
    static final int ADMIT_WRITE = 6;
    static final int CANCEL = 7;

    private static final int BODY_BYTES = 256;

    private final LongColumn requests = new LongColumn(REQUEST);
    private final BytesColumn bodies = BytesColumn.ofBytes(BODY);
    private final ListColumn<FloatColumn> vectors = new ListColumn<>(VECTOR, new FloatColumn("item"));
    private final GrowingBuffer body = new GrowingBuffer(BODY_BYTES);

    Schema schema() {
        return new Schema(columns().stream().map(Column::field).toList());
    }

    List<Column> columns() {
        return List.of(requests, bodies, vectors);
    }

    void add(long number, Request request) {
        switch (request) {
            case Request.Ask(var queries) -> addQueries(number, queries);
            case Request.AwaitApplied(var collection, var offset) -> {
                QueryCodec.writeCollection(begin(AWAIT_APPLIED), collection);
                body.putLong(offset.value());
                endRow(number);
            }
            case Request.AdmitWrite(var collection, long bytes) -> {
                QueryCodec.writeCollection(begin(ADMIT_WRITE), collection);
                body.putLong(bytes);
                endRow(number);
            }
            case Request.Cancel() -> {
                begin(CANCEL);
                endRow(number);
            }
        }
    }

    int rows() {
        return requests.count();
    }

    long sizeBytes() {
        return bodies.sizeBytes() + (long) vectors.elements().count() * Float.BYTES;
    }

    void clear() {
        columns().forEach(Column::clear);
    }

    private void addQueries(long number, List<Query> queries) {
        Filter before = null;
        for (Query query : queries) {
            addQuery(number, query, before);
            before = query.filter();
        }
    }

    private void addQuery(long number, Query query, @Nullable Filter before) {
        body.clear();
        QueryCodec.write(body, query, before);
        if (query instanceof Query.Nearest nearest) {
            vectors.elements().addAll(nearest.embedding());
        }
        endRow(number);
    }

    private GrowingBuffer begin(int kind) {
        body.clear();
        return body.putByte(kind);
    }

    private void endRow(long number) {
        requests.add(number);
        bodies.add(body.toByteArray());
        vectors.endList();
    }
}

package io.quiver.gateway.http;

import io.quiver.executor.query.Consistency;
import io.quiver.executor.query.Query;
import io.quiver.log.catalog.Collection;
import io.quiver.log.record.QuiverException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads the body of a get. Belongs to one thread. */
final class GetRequest implements JsonCursor.FieldReader {
    /** Of the embeddings and ids of one answer, about. */
    static final long ANSWER_BYTES_MAX = 512L * 1024 * 1024;

    /** Of a record without its embedding, about. */
    private static final int RECORD_BYTES = 200;

    private final Selection selection = new Selection();
    private @Nullable Integer limit;
    private @Nullable Integer offset;
    private @Nullable Include include;

    GetRequest() {}

    static GetRequest read(RequestBody body) {
        GetRequest request = new GetRequest();
        new JsonCursor(body).readObject(request);
        return request;
    }

    @Override
    public boolean read(String name, JsonCursor in) {
        switch (name) {
            case "limit" -> limit = in.value(name).orNull(JsonValue::count);
            case "offset" -> offset = in.value(name).orNull(JsonValue::count);
            case "include" -> include = in.value(name).orNull(Include::read);
            default -> {
                return selection.read(name, in);
            }
        }
        return true;
    }

    Include include() {
        return Objects.requireNonNullElse(include, Include.GET_DEFAULT);
    }

    /** Records that may be returned: what the request costs. */
    int limit() {
        int most = Objects.requireNonNullElse(limit, Integer.MAX_VALUE);
        return selection.ids() == null ? most : Math.min(most, selection.ids().size());
    }

    void requireBounded(long records, Collection collection) {
        requireBounded(records, include().has(Include.Column.EMBEDDINGS), collection);
    }

    /** Refuses an answer that would take too much memory to be gathered. */
    static void requireBounded(long records, boolean hasEmbeddings, Collection collection) {
        int dimension = collection.dimension() == null ? 0 : collection.dimension();
        long embeddingBytes = hasEmbeddings ? (long) dimension * Float.BYTES : 0;
        if (records * (embeddingBytes + RECORD_BYTES) > ANSWER_BYTES_MAX) {
            throw QuiverException.invalid(
                    "An answer of %d records is too large: ask for fewer at once by limit and offset"
                            .formatted(records));
        }
    }

    /** The ids that were asked for, {@code null} where none were said. */
    @Nullable List<String> ids() {
        return selection.ids();
    }

    Query.Scan query(Collection collection, Exchange exchange) {
        return query(collection, exchange, exchange.consistency());
    }

    Query.Scan query(Collection collection, Exchange exchange, Consistency consistency) {
        return new Query.Scan(
                collection.id(),
                Objects.requireNonNullElse(offset, 0),
                limit(),
                selection.filter(collection.schema()),
                include().projection(),
                consistency,
                exchange.deadline());
    }
}

package io.quiver.gateway.http;

import io.quiver.executor.query.Consistency;
import io.quiver.executor.query.Deadline;
import io.quiver.executor.query.Filter;
import io.quiver.executor.query.Query;
import io.quiver.log.catalog.Collection;
import io.quiver.log.record.Embedding;
import io.quiver.log.record.QuiverException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads the body of a query. Belongs to one thread. */
final class QueryRequest implements JsonCursor.FieldReader {
    private static final int K_DEFAULT = 10;

    private final Selection selection = new Selection();
    private final EffortFields effort = new EffortFields();
    private @Nullable List<@Nullable Embedding> embeddings;
    private @Nullable Integer k;
    private @Nullable Include include;

    /** Reads the body in whichever form it came. */
    static QueryRequest read(Exchange exchange, Collection collection, RequestBody body) {
        return switch (body.form()) {
            case JSON -> read(body);
            case FLOATS -> read(FloatBody.read(body, collection.dimension()), Pages.asJson(exchange));
        };
    }

    private static QueryRequest read(List<Embedding> embeddings, RequestBody parameters) {
        QueryRequest request = new QueryRequest();
        int end = new JsonCursor(parameters).readObject(request);
        request.take(embeddings);
        request.check(parameters, end);
        return request;
    }

    /** Takes embeddings that came beside what was read. */
    void take(List<Embedding> beside) {
        if (embeddings != null) {
            throw Pages.refused("query_embeddings: the body holds them");
        }
        embeddings = List.copyOf(beside);
    }

    static QueryRequest read(RequestBody body) {
        QueryRequest request = new QueryRequest();
        int end = new JsonCursor(body).readObject(request);
        request.check(body, end);
        return request;
    }

    @Override
    public boolean read(String name, JsonCursor in) {
        switch (name) {
            case "query_embeddings" -> embeddings = EmbeddingReader.read(in, name, EmbeddingReader.Form.QUERIES);
            case "n_results" -> k = in.value(name).orNull(JsonValue::count);
            case "include" -> include = in.value(name).orNull(Include::read);
            default -> {
                return effort.read(name, in) || selection.read(name, in);
            }
        }
        return true;
    }

    /** Refuses what is missing or too much; {@code end} is where the body ended. */
    void check(RequestBody body, int end) {
        if (embeddings == null) {
            throw BadBody.missingField(body, "query_embeddings", end);
        }
        RequestLimits limits = body.limits();
        RequestLimits.require("query_embeddings", embeddings.size(), limits.embeddingsMax(), " embeddings");
        RequestLimits.require("n_results", k(), limits.query().kMax(), "");
        effort.check(limits.query());
    }

    boolean estimateRecall() {
        return effort.estimateRecall();
    }

    Include include() {
        return Objects.requireNonNullElse(include, Include.QUERY_DEFAULT);
    }

    /** Of the embeddings, which have one. */
    @Nullable Integer dimension() {
        return count() == 0 ? null : (Integer) embeddings().getFirst().dimension();
    }

    private List<Embedding> embeddings() {
        return Objects.requireNonNull(embeddings).stream()
                .map(Objects::requireNonNull)
                .toList();
    }

    int count() {
        return embeddings == null ? 0 : embeddings.size();
    }

    /** One query an embedding; refuses embeddings of another dimension than the collection's. */
    List<Query.Nearest> queries(Collection collection, Consistency consistency, Deadline deadline) {
        Filter filter = selection.filter(collection.schema());
        return embeddings().stream()
                .map(embedding -> query(collection, checked(embedding, collection), filter, consistency, deadline))
                .toList();
    }

    private Query.Nearest query(
            Collection collection, Embedding embedding, Filter filter, Consistency consistency, Deadline deadline) {
        return new Query.Nearest(
                collection.id(),
                embedding,
                k(),
                filter,
                include().projection(),
                consistency,
                deadline,
                effort.effort(),
                effort.estimateRecall(),
                false);
    }

    private static Embedding checked(Embedding embedding, Collection collection) {
        Integer dimension = collection.dimension();
        if (dimension != null && dimension != embedding.dimension()) {
            throw QuiverException.invalid("Collection expecting embedding with dimension of %d, got %d"
                    .formatted(dimension, embedding.dimension()));
        }
        return embedding;
    }

    private int k() {
        return Objects.requireNonNullElse(k, K_DEFAULT);
    }
}

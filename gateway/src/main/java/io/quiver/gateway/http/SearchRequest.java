package io.quiver.gateway.http;

import io.quiver.executor.query.Consistency;
import io.quiver.executor.query.Query;
import io.quiver.log.catalog.Collection;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the body of a search asks: several searches, which are answered together and see one state.
 *
 * @param readLevel how fresh that is, {@code null} where the body does not say
 */
record SearchRequest(List<SearchPayload> searches, @Nullable Consistency readLevel) {
    static final String SEARCHES = "searches";

    private static final String READ_LEVEL = "read_level";

    SearchRequest {
        searches = List.copyOf(searches);
    }

    static SearchRequest read(RequestBody body) {
        FieldsRequest fields = FieldsRequest.read(body, SEARCHES, READ_LEVEL);
        JsonValue searches = fields.fields().get(SEARCHES);
        if (searches == null) {
            throw BadBody.missingField(body, SEARCHES, fields.end());
        }
        List<JsonTree> payloads = new JsonTree(searches.tree(), SEARCHES).elements();
        RequestLimits limits = body.limits();
        RequestLimits.require(SEARCHES, payloads.size(), limits.searchesMax(), " searches");
        JsonValue readLevel = fields.get(READ_LEVEL);
        return new SearchRequest(
                payloads.stream()
                        .map(payload -> SearchPayload.read(payload, limits.query()))
                        .toList(),
                readLevel == null ? null : consistency(readLevel));
    }

    /** Whether a body asks for searches. */
    static boolean isIn(RequestBody body) {
        return FieldsRequest.read(body, SEARCHES).get(SEARCHES) != null;
    }

    private static Consistency consistency(JsonValue readLevel) {
        return readLevel.read(in -> {
            String name = readLevel.text(in, READ_LEVEL);
            return switch (name) {
                case "index_and_wal", "index_and_bounded_wal" -> Consistency.STRONG;
                case "index_only" -> new Consistency.IndexOnly();
                default ->
                    throw readLevel.shape(
                            in,
                            READ_LEVEL,
                            "unknown variant `%s`, expected one of `index_and_wal`, `index_only`, `index_and_bounded_wal`"
                                    .formatted(BadBody.shortened(name, 64)));
            };
        });
    }

    /** One query a search, in their order. */
    List<Query> queries(Collection collection, Exchange exchange) {
        Consistency consistency = Objects.requireNonNullElse(readLevel, exchange.consistency());
        return searches.stream()
                .map(search -> search.query(collection, consistency, exchange))
                .toList();
    }

    boolean hasEmbeddings() {
        return searches.stream().anyMatch(search -> search.select().hasEmbeddings());
    }
}

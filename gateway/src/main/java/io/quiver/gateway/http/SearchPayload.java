package io.quiver.gateway.http;

import io.quiver.executor.query.Consistency;
import io.quiver.executor.query.Filter;
import io.quiver.executor.query.FilterJson;
import io.quiver.executor.query.FilterRules;
import io.quiver.executor.query.GroupBy;
import io.quiver.executor.query.Query;
import io.quiver.executor.query.QueryLimits;
import io.quiver.executor.query.Rank;
import io.quiver.log.catalog.Bm25Parameters;
import io.quiver.log.catalog.Collection;
import io.quiver.log.catalog.Schema;
import io.quiver.log.record.QuiverException;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One search of a request.
 *
 * @param rank {@code null} for the order of insertion
 * @param rankJson as it was given; words in it are read anew where the schema has parameters of its own for them
 * @param textKeys what {@code rank} looks for words in
 * @param groupBy {@code null} where nothing is grouped
 */
record SearchPayload(
        Filter filter,
        @Nullable Rank rank,
        @Nullable JsonTree rankJson,
        Set<String> textKeys,
        @Nullable GroupBy groupBy,
        int offset,
        int limit,
        SearchSelect select) {

    static SearchPayload read(JsonTree json, QueryLimits limits) {
        JsonTree rank = json.get("rank");
        JsonTree groupBy = json.get("group_by");
        JsonTree page = json.get("limit");
        JsonTree select = json.get("select");
        RankReader ranks = new RankReader(limits, _ -> Bm25Parameters.DEFAULT);
        SearchPayload payload = new SearchPayload(
                filter(json.get("filter"), limits),
                rank == null ? null : ranks.read(rank),
                rank,
                ranks.textKeys(),
                groupBy == null ? null : groupBy(groupBy),
                count(page, "offset", 0),
                count(page, "limit", Integer.MAX_VALUE),
                select == null ? SearchSelect.NOTHING : SearchSelect.read(select));
        if (payload.groupBy != null && payload.rank == null) {
            throw refused(json, "group_by needs a rank");
        }
        return payload;
    }

    private static Filter filter(@Nullable JsonTree json, QueryLimits limits) {
        return json == null || json.node().isObject() && json.node().isEmpty()
                ? Filter.ALL
                : FilterJson.readWhere(json.node(), limits);
    }

    private static int count(@Nullable JsonTree page, String name, int unsaid) {
        JsonTree count = page == null ? null : page.get(name);
        return count == null ? unsaid : count.count();
    }

    /** Without keys and aggregate there is no grouping; one of them alone makes no sense. */
    private static @Nullable GroupBy groupBy(JsonTree json) {
        JsonTree keys = json.get("keys");
        JsonTree aggregate = json.get("aggregate");
        boolean hasKeys = keys != null && !keys.elements().isEmpty();
        if (keys == null || aggregate == null || !hasKeys) {
            if (hasKeys || aggregate != null) {
                throw refused(json, "keys and aggregate must be given both or not at all");
            }
            return null;
        }
        Map.Entry<String, JsonTree> kept = aggregate.onlyField();
        boolean isDescending = switch (kept.getKey()) {
            case "$min_k" -> false;
            case "$max_k" -> true;
            default -> throw aggregate.unknownVariant(kept.getKey(), "`$min_k`, `$max_k`");
        };
        JsonTree k = kept.getValue().required("k");
        return new GroupBy(keys.texts(), kept.getValue().required("keys").texts(), isDescending, k.count());
    }

    private static QuiverException refused(JsonTree json, String problem) {
        return QuiverException.invalid("Validation error: %s: %s".formatted(json.path(), problem));
    }

    /** What the executor is asked: without a rank it is a plain scan, whose records have no scores. */
    Query query(Collection collection, Consistency consistency, Exchange exchange) {
        FilterRules.check(filter, collection.schema());
        checkTextKeys(collection.schema());
        Rank asked = rank(collection.schema());
        return asked == null
                ? new Query.Scan(
                        collection.id(), offset, limit, filter, select.projection(), consistency, exchange.deadline())
                : new Query.Search(
                        collection.id(),
                        asked,
                        groupBy,
                        offset,
                        limit,
                        filter,
                        select.projection(),
                        consistency,
                        exchange.deadline());
    }

    private @Nullable Rank rank(Schema schema) {
        boolean isUsual = textKeys.stream().map(schema::bm25Parameters).allMatch(Bm25Parameters.DEFAULT::equals);
        return rankJson == null || isUsual
                ? rank
                : new RankReader(QueryLimits.HIGHEST, schema::bm25Parameters).read(rankJson);
    }

    private void checkTextKeys(Schema schema) {
        for (String key : textKeys) {
            if (!schema.isBm25(key)) {
                throw QuiverException.invalid(
                        "Validation error: A text query needs a key with a sparse vector index by bm25, got key %s"
                                .formatted(BadBody.shortened(key, 64)));
            }
        }
    }
}

package io.quiver.gateway.http;

import io.quiver.executor.query.QueryLimits;
import io.quiver.executor.query.Rank;
import io.quiver.executor.query.Rank.Fold;
import io.quiver.executor.query.Rank.Operator;
import io.quiver.executor.text.Bm25;
import io.quiver.log.catalog.Bm25Parameters;
import io.quiver.log.record.Embedding;
import io.quiver.log.record.QuiverException;
import io.quiver.log.record.SparseVector;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads one rank expression: objects with one field, which names what the expression does. Words to be found become the
 * BM25 vector of them. Belongs to one thread.
 */
final class RankReader {
    /** Stands for the embedding where a key is expected. */
    static final String EMBEDDING = "#embedding";

    private static final String NAMES =
            "`$abs`, `$div`, `$exp`, `$knn`, `$log`, `$max`, `$min`, `$mul`, `$sub`, `$sum`, `$val`";

    /** Of the words of one query. */
    private static final int TEXT_CHARS_MAX = 4_096;

    private final QueryLimits limits;
    private final Function<String, Bm25Parameters> parameters;
    private final Set<String> textKeys = new TreeSet<>();

    /** @param parameters by which the words for a key are read */
    RankReader(QueryLimits limits, Function<String, Bm25Parameters> parameters) {
        this.limits = limits;
        this.parameters = parameters;
    }

    /** The keys that words were asked for of, in what was read so far. */
    Set<String> textKeys() {
        return textKeys;
    }

    Rank read(JsonTree json) {
        Map.Entry<String, JsonTree> only = json.onlyField();
        JsonTree value = only.getValue();
        return switch (only.getKey()) {
            case "$knn" -> knn(value);
            case "$val" -> new Rank.Value(number(value));
            case "$sum" -> folded(Fold.SUM, value);
            case "$mul" -> folded(Fold.PRODUCT, value);
            case "$max" -> folded(Fold.MAXIMUM, value);
            case "$min" -> folded(Fold.MINIMUM, value);
            case "$sub" -> combined(Operator.DIFFERENCE, value);
            case "$div" -> combined(Operator.QUOTIENT, value);
            case "$abs" -> new Rank.Mapped(Rank.Function.ABSOLUTE, read(value));
            case "$exp" -> new Rank.Mapped(Rank.Function.EXPONENTIAL, read(value));
            case "$log" -> new Rank.Mapped(Rank.Function.LOGARITHM, read(value));
            default -> throw json.unknownVariant(only.getKey(), NAMES);
        };
    }

    private Rank folded(Fold fold, JsonTree operands) {
        return new Rank.Folded(
                fold, operands.elements().stream().map(this::read).toList());
    }

    private Rank combined(Operator operator, JsonTree sides) {
        return new Rank.Combined(operator, read(sides.required("left")), read(sides.required("right")));
    }

    private Rank knn(JsonTree json) {
        JsonTree query = json.required("query");
        JsonTree key = json.get("key");
        JsonTree limit = json.get("limit");
        JsonTree otherwise = json.get("default");
        JsonTree isPlace = json.get("return_rank");
        return new Rank.Knn(
                target(query, key),
                limit == null ? Rank.Knn.LIMIT_DEFAULT : limit(limit),
                otherwise == null ? null : (Double) number(otherwise),
                isPlace != null && isPlace.truth());
    }

    private int limit(JsonTree json) {
        int limit = json.count();
        RequestLimits.require(json.path(), limit, limits.kMax(), "");
        return limit;
    }

    private Rank.Target target(JsonTree query, @Nullable JsonTree key) {
        String name = key == null ? EMBEDDING : key.text();
        if (query.node().isObject()) {
            requireKey(!name.startsWith("#"), query, "A sparse query needs the metadata key of sparse vectors", name);
            return new Rank.Target.Sparse(name, sparse(query));
        }
        if (query.node().isTextual() && !name.startsWith("#")) {
            textKeys.add(name);
            return new Rank.Target.Sparse(name, words(query, name));
        }
        Embedding embedding = dense(query);
        requireKey(name.equals(EMBEDDING), query, "A dense query searches " + EMBEDDING, name);
        return new Rank.Target.Dense(embedding);
    }

    private static void requireKey(boolean isRight, JsonTree query, String expectation, String name) {
        if (!isRight) {
            throw QuiverException.invalid("Validation error: %s: %s, got key %s"
                    .formatted(query.path(), expectation, BadBody.shortened(name, 64)));
        }
    }

    private static Embedding dense(JsonTree json) {
        float[] values = json.numbers();
        if (values.length == 0) {
            throw QuiverException.invalid(
                    "Validation error: %s: Embedding must have at least one dimension".formatted(json.path()));
        }
        return Embedding.of(values);
    }

    private static SparseVector sparse(JsonTree json) {
        List<JsonTree> indices = json.required("indices").elements();
        float[] values = json.required("values").numbers();
        try {
            return SparseVector.of(indices.stream().mapToInt(JsonTree::bits).toArray(), values, null);
        } catch (IllegalArgumentException refusal) {
            throw QuiverException.invalid("Validation error: %s: %s".formatted(json.path(), refusal.getMessage()));
        }
    }

    private SparseVector words(JsonTree json, String key) {
        String text = json.text();
        if (text.length() > TEXT_CHARS_MAX) {
            throw QuiverException.invalid("Validation error: %s: Expected at most %d characters, got %d"
                    .formatted(json.path(), TEXT_CHARS_MAX, text.length()));
        }
        return Bm25.of(parameters.apply(key)).vector(text);
    }

    private static double number(JsonTree json) {
        json.number();
        return json.node().doubleValue();
    }
}

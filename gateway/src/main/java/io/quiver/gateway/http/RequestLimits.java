package io.quiver.gateway.http;

import io.quiver.executor.query.FilterJson;
import io.quiver.executor.query.QueryLimits;
import io.quiver.log.record.JsonLimits;
import io.quiver.log.record.QuiverException;

/**
 * How much one request may ask, over HTTP or a stream. What exceeds it is refused while it is read, as
 * {@code INVALID_ARGUMENT}.
 *
 * @param jsonDepthMax arrays and objects within each other, up to {@link JsonLimits#DEPTH_MAX}
 * @param idsMax ids, and so records, that one request names
 * @param embeddingsMax embeddings of one query; more is a bulk search, for which there is Flight
 * @param searchesMax searches of one request
 * @param query what each of them may ask
 */
public record RequestLimits(int jsonDepthMax, int idsMax, int embeddingsMax, int searchesMax, QueryLimits query) {
    /** No setting allows more ids. */
    public static final int IDS_LIMIT = 1 << 20;

    /** No setting allows more embeddings, or searches: all of them are held in memory at once. */
    public static final int BATCH_LIMIT = 16_384;

    public static final RequestLimits DEFAULT = new RequestLimits(
            JsonLimits.DEPTH_MAX,
            10_000,
            1_024,
            128,
            new QueryLimits(
                    QueryLimits.HIGHEST.kMax(),
                    4_096,
                    FilterJson.DEPTH_MAX,
                    FilterJson.TERMS_MAX,
                    FilterJson.IN_VALUES_MAX,
                    QueryLimits.HIGHEST.regexBytesMax()));

    public RequestLimits {
        check("jsonDepthMax", jsonDepthMax, JsonLimits.DEPTH_MAX);
        check("idsMax", idsMax, IDS_LIMIT);
        check("embeddingsMax", embeddingsMax, BATCH_LIMIT);
        check("searchesMax", searchesMax, BATCH_LIMIT);
    }

    private static void check(String name, int value, int most) {
        if (value < 1 || value > most) {
            throw new IllegalArgumentException("%s must lie in 1..%d, not %d".formatted(name, most, value));
        }
    }

    /** Refuses more than {@code most} of something. */
    static void require(String field, int count, int most, String what) {
        if (count > most) {
            throw QuiverException.invalid(
                    "Validation error: %s: Expected at most %d%s, got %d".formatted(field, most, what, count));
        }
    }
}

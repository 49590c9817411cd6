package io.quiver.executor.query;

import io.quiver.executor.regex.Regex;

/**
 * How much one query may ask: as its operator set it, at most {@link #HIGHEST}, which is what the executor and the way
 * to it are made for. Doors hold callers to it while they read.
 *
 * @param kMax hits
 * @param efMax of a caller's own beam width
 * @param filterDepthMax filters within filters
 * @param filterTermsMax conditions and connectives of one filter
 * @param inValuesMax values of one {@code $in} or {@code $nin}
 * @param regexBytesMax of one regular expression, in UTF-8
 */
public record QueryLimits(
        int kMax, int efMax, int filterDepthMax, int filterTermsMax, int inValuesMax, int regexBytesMax) {
    public static final QueryLimits HIGHEST = new QueryLimits(
            Query.Nearest.K_MAX,
            SearchEffort.Ef.EF_MAX,
            FilterJson.DEPTH_MAX,
            FilterJson.TERMS_MAX,
            FilterJson.IN_VALUES_MAX,
            Regex.BYTES_MAX);

    public QueryLimits {
        check("kMax", kMax, Query.Nearest.K_MAX);
        check("efMax", efMax, SearchEffort.Ef.EF_MAX);
        check("filterDepthMax", filterDepthMax, FilterJson.DEPTH_MAX);
        check("filterTermsMax", filterTermsMax, FilterJson.TERMS_MAX);
        check("inValuesMax", inValuesMax, FilterJson.IN_VALUES_MAX);
        check("regexBytesMax", regexBytesMax, Regex.BYTES_MAX);
    }

    private static void check(String name, int value, int most) {
        if (value < 1 || value > most) {
            throw new IllegalArgumentException("%s must lie in 1..%d, not %d".formatted(name, most, value));
        }
    }
}

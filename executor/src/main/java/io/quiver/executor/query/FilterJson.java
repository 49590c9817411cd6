package io.quiver.executor.query;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import io.quiver.log.record.QuiverException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Filters as JSON: the {@code where} and {@code where_document} of callers, which are checked and limited, and a form
 * without loss in which filters travel between processes. Every refusal is a {@link QuiverException} with
 * {@code INVALID_ARGUMENT}. Safe on every thread.
 */
public final class FilterJson {
    /** Filters within filters. */
    public static final int DEPTH_MAX = 32;
    /** Conditions and connectives of one filter. */
    public static final int TERMS_MAX = 1_024;
    /** Values of one {@code $in} or {@code $nin}. */
    public static final int IN_VALUES_MAX = 10_000;

    private FilterJson() {}

    /** Reads a condition on metadata, {@code #document} and {@code #id}; {@code null} of either kind accepts all. */
    public static Filter readWhere(@Nullable JsonNode where, QueryLimits limits) {
        return where == null || where.isNull() ? Filter.ALL : new WhereReader(limits).read(where);
    }

    /** Reads a condition on documents; {@code null} of either kind accepts all. */
    public static Filter readWhereDocument(@Nullable JsonNode where, QueryLimits limits) {
        return where == null || where.isNull() ? Filter.ALL : new WhereDocumentReader(limits).read(where);
    }

    /** Writes any filter so that {@link #read} gives an equal one. */
    public static void write(JsonGenerator json, Filter filter) throws IOException {
        FilterWriter.write(json, filter);
    }

    /** Reads what {@link #write} wrote. */
    public static Filter read(JsonNode json) {
        return new FilterReader().read(json);
    }
}

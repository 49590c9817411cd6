package io.quiver.executor.query;

import io.quiver.log.record.QuiverException;

/** Counts a filter while it is read, and refuses what exceeds a limit before the stack or the heap does. */
final class FilterSize {
    private final String refusal;
    private final int depthMax;
    private final int termsMax;
    private final int valuesMax;
    private int depth;
    private int terms;

    /** @param refusal how each message begins */
    FilterSize(String refusal, int depthMax, int termsMax, int valuesMax) {
        this.refusal = refusal;
        this.depthMax = depthMax;
        this.termsMax = termsMax;
        this.valuesMax = valuesMax;
    }

    /** Of a caller's filter. */
    FilterSize(String refusal, QueryLimits limits) {
        this(refusal, limits.filterDepthMax(), limits.filterTermsMax(), limits.inValuesMax());
    }

    /** Counts a filter that begins; {@link #end} must follow. */
    void begin() {
        if (++terms > termsMax) {
            throw refused("more than %d conditions".formatted(termsMax));
        }
        if (++depth > depthMax) {
            throw refused("nested deeper than %d".formatted(depthMax));
        }
    }

    void end() {
        depth--;
    }

    void checkValues(int count) {
        if (count > valuesMax) {
            throw refused("%d values, more than %d".formatted(count, valuesMax));
        }
    }

    private QuiverException refused(String reason) {
        return QuiverException.invalid(refusal + ": " + reason);
    }
}

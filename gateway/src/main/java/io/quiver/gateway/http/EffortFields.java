package io.quiver.gateway.http;

import io.quiver.executor.query.QueryLimits;
import io.quiver.executor.query.SearchEffort;
import io.quiver.log.record.QuiverException;
import org.jspecify.annotations.Nullable;

/**
 * What a query says, beyond Chroma's fields, of how hard to search and of what it wants to know. Belongs to one thread.
 */
final class EffortFields implements JsonCursor.FieldReader {
    private @Nullable Integer ef;
    private @Nullable Double targetRecall;
    private boolean estimateRecall;

    @Override
    public boolean read(String name, JsonCursor in) {
        switch (name) {
            case "ef" -> ef = in.value(name).orNull(JsonValue::count);
            case "target_recall" -> targetRecall = in.value(name).orNull(JsonValue::number);
            case "estimate_recall" ->
                estimateRecall = Boolean.TRUE.equals(in.value(name).orNull(JsonValue::truth));
            default -> {
                return false;
            }
        }
        return true;
    }

    /** Refuses a beam that is wider than a caller's may be. */
    void check(QueryLimits limits) {
        if (ef != null && (ef < 1 || ef > limits.efMax())) {
            throw QuiverException.invalid("ef must lie in 1..%d, not %d".formatted(limits.efMax(), ef));
        }
    }

    /** Refuses values out of range, and two fields that exclude each other. */
    SearchEffort effort() {
        return SearchEffort.of(ef, targetRecall);
    }

    /** The answer has a field {@code estimated_recall}. */
    boolean estimateRecall() {
        return estimateRecall;
    }
}

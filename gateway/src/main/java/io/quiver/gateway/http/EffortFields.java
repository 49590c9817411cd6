package io.quiver.gateway.http;

import io.quiver.executor.query.SearchEffort;
import org.jspecify.annotations.Nullable;

/** What a query says, beyond Chroma's fields, of how hard to search and of what it wants to know. Belongs to one thread. */
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

    /** Refuses values out of range, and two fields that exclude each other. */
    SearchEffort effort() {
        return SearchEffort.of(ef, targetRecall);
    }

    /** The answer has a field {@code estimated_recall}. */
    boolean estimateRecall() {
        return estimateRecall;
    }
}

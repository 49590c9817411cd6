package io.quiver.executor.query;

import io.quiver.log.record.LogOffset;
import io.quiver.log.record.QuiverException;
import org.jspecify.annotations.Nullable;

/** How fresh an answer must be, in the words that callers of every door use. */
public final class ConsistencyText {
    private static final String AT_LEAST = "at_least=";
    private static final String AT = "at=";
    private static final String BOUNDED_MS = "bounded_ms=";

    private ConsistencyText() {}

    /**
     * Reads what a caller asks for; {@code INVALID_ARGUMENT} for other words.
     *
     * @param asked {@code null} where the caller says nothing
     * @param where it was said, for the refusal
     */
    public static Consistency read(@Nullable String asked, String where) {
        String level = asked == null ? "strong" : asked.strip();
        if (level.startsWith(AT_LEAST)) {
            return new Consistency.AtLeast(new LogOffset(number(level, AT_LEAST, where)));
        }
        if (level.startsWith(AT)) {
            return new Consistency.At(new LogOffset(number(level, AT, where)));
        }
        if (level.startsWith(BOUNDED_MS)) {
            number(level, BOUNDED_MS, where);
            // One process answers from what it has applied, and that is all that was acknowledged.
            return Consistency.STRONG;
        }
        return switch (level) {
            case "strong" -> Consistency.STRONG;
            case "index_only" -> new Consistency.IndexOnly();
            default -> throw refused(where);
        };
    }

    private static long number(String level, String prefix, String where) {
        try {
            long number = Long.parseLong(level, prefix.length(), level.length(), 10);
            if (number >= 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            // is refused like a negative one
        }
        throw refused(where);
    }

    private static QuiverException refused(String where) {
        return QuiverException.invalid(
                "%s must be strong, at_least=OFFSET, at=OFFSET, bounded_ms=NUMBER or index_only".formatted(where));
    }
}

package io.quiver.gateway.http;

import io.quiver.executor.query.Consistency;
import io.quiver.log.record.LogOffset;
import io.quiver.log.record.QuiverException;
import org.jspecify.annotations.Nullable;

/** How fresh an answer must be, as the caller says in a header of the request. */
final class ConsistencyHeader {
    static final String NAME = "x-quiver-consistency";

    private static final String AT_LEAST = "at_least=";
    private static final String BOUNDED_MS = "bounded_ms=";

    private ConsistencyHeader() {}

    /** {@code asked} is {@code null} where the request has no such header. */
    static Consistency read(@Nullable String asked) {
        String level = asked == null ? "strong" : asked.strip();
        if (level.startsWith(AT_LEAST)) {
            return new Consistency.AtLeast(new LogOffset(number(level, AT_LEAST)));
        }
        if (level.startsWith(BOUNDED_MS)) {
            number(level, BOUNDED_MS);
            // One process answers from what it has applied, and that is all that was acknowledged.
            return Consistency.STRONG;
        }
        return switch (level) {
            case "strong" -> Consistency.STRONG;
            case "index_only" -> new Consistency.IndexOnly();
            default -> throw refused();
        };
    }

    private static long number(String level, String prefix) {
        try {
            return Long.parseUnsignedLong(level, prefix.length(), level.length(), 10) & Long.MAX_VALUE;
        } catch (NumberFormatException e) {
            throw refused();
        }
    }

    private static QuiverException refused() {
        return QuiverException.invalid(
                "Header %s must be strong, at_least=OFFSET, bounded_ms=NUMBER or index_only".formatted(NAME));
    }
}

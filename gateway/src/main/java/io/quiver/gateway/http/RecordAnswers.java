package io.quiver.gateway.http;

import io.quiver.executor.query.Hits;
import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.LogOffset;
import io.quiver.log.record.QuiverException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What answers about records say in their headers. */
final class RecordAnswers {
    /** The log offset at which a write stands, or whose state a read shows. */
    static final String OFFSET_HEADER = "x-quiver-offset";

    /** Whether the answer was kept from before: {@code hit} or {@code miss}. */
    static final String CACHE_HEADER = "x-quiver-cache";

    /** There when the deadline that the caller set passed before everything had been searched. */
    static final String PARTIAL_HEADER = "x-quiver-partial";

    private RecordAnswers() {}

    /** Refuses a partial answer where it would be taken for a complete one. */
    static void requireComplete(Hits hits) {
        if (hits.partial()) {
            throw new QuiverException(
                    ErrorCode.DEADLINE_EXCEEDED, "The deadline passed before everything had been searched");
        }
    }

    /** Who set a deadline reads the header that says what came of it; who did not is told in plain terms. */
    static void requireCompleteUnlessAsked(List<Hits> hits, Exchange exchange) {
        if (!exchange.hasOwnDeadline()) {
            hits.forEach(RecordAnswers::requireComplete);
        }
    }

    static boolean isPartial(List<Hits> hits) {
        return hits.stream().anyMatch(Hits::partial);
    }

    static Map<String, String> headers(LogOffset offset, boolean isPartial) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put(OFFSET_HEADER, offset.toString());
        if (isPartial) {
            headers.put(PARTIAL_HEADER, "true");
        }
        return headers;
    }
}

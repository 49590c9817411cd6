package io.quiver.flight;

import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * One request's place in a trace, as the W3C's Trace Context names it: the caller's trace goes on here, with an id of
 * our own for our part; where the caller has none, or none that can be read, a trace begins. Nothing that a caller
 * sends is an error.
 *
 * @param traceId 32 hexadecimal digits
 * @param spanId 16 hexadecimal digits, for our part
 * @param flags two hexadecimal digits, as the caller sent them
 */
public record TraceContext(String traceId, String spanId, String flags) {
    /** What callers send, over HTTP and Flight. */
    public static final String REQUEST_HEADER = "traceparent";

    /** What they get back. */
    public static final String ANSWER_HEADER = "traceresponse";

    private static final HexFormat HEX = HexFormat.of();
    private static final int LENGTH = 55;
    private static final int TRACE_AT = 3;
    private static final int PARENT_AT = 36;
    private static final int FLAGS_AT = 53;
    private static final String NOT_SAMPLED = "00";
    private static final String NO_ID = "0".repeat(32);

    /** Goes on with the trace of a {@code traceparent}, or begins one where it says nothing that can be understood. */
    public static TraceContext of(@Nullable String traceparent) {
        return traceparent != null && isValid(traceparent)
                ? new TraceContext(traceparent.substring(TRACE_AT, PARENT_AT - 1), span(), flags(traceparent))
                : begun();
    }

    /** Of what no caller has named. */
    public static TraceContext begun() {
        return new TraceContext(span() + span(), span(), NOT_SAMPLED);
    }

    /** Of a later version only the first fields are known to mean what they mean now. */
    public static boolean isValid(String traceparent) {
        return hasForm(traceparent)
                && !traceparent.startsWith("ff")
                && isSomeId(traceparent, TRACE_AT, PARENT_AT - 1)
                && isSomeId(traceparent, PARENT_AT, FLAGS_AT - 1)
                && isHex(traceparent, 0, 2)
                && isHex(traceparent, FLAGS_AT, LENGTH);
    }

    private static boolean hasForm(String text) {
        return text.length() >= LENGTH
                && (text.length() == LENGTH || !text.startsWith("00") && text.charAt(LENGTH) == '-')
                && text.charAt(TRACE_AT - 1) == '-'
                && text.charAt(PARENT_AT - 1) == '-'
                && text.charAt(FLAGS_AT - 1) == '-';
    }

    private static boolean isSomeId(String text, int from, int to) {
        return isHex(text, from, to) && !text.regionMatches(from, NO_ID, 0, to - from);
    }

    private static boolean isHex(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            char digit = text.charAt(i);
            if (!(digit >= '0' && digit <= '9' || digit >= 'a' && digit <= 'f')) {
                return false;
            }
        }
        return true;
    }

    private static String flags(String traceparent) {
        return traceparent.substring(FLAGS_AT, LENGTH);
    }

    /** Never all zeros, which would be no id. */
    private static String span() {
        return HEX.toHexDigits(ThreadLocalRandom.current().nextLong() | 1);
    }

    /** The value of {@link #ANSWER_HEADER}. */
    public String response() {
        return "00-" + traceId + "-" + spanId + "-" + flags;
    }
}

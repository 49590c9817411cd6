package io.quiver.flight.service;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quiver.log.record.QuiverException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * The rows of one batch that break a rule. Where they are to be skipped, the first of them are named with a reason
 * each, so that an acknowledgement stays small; all are counted. Where not, the first one refuses the batch.
 */
final class RowFaults {
    static final int NAMED_MAX = 100;
    private static final int REASON_CHARS_MAX = 300;
    private static final Pattern ROW = Pattern.compile("^row \\d+: ");

    private record Fault(int row, String reason) {}

    private final boolean areSkipped;
    private final List<Fault> named = new ArrayList<>();
    private int count;

    RowFaults(boolean areSkipped) {
        this.areSkipped = areSkipped;
    }

    /** A row is refused for a reason, which is thrown on where rows are not to be skipped. */
    void add(int row, QuiverException reason) {
        if (!areSkipped) {
            throw reason;
        }
        count++;
        if (named.size() < NAMED_MAX) {
            named.add(new Fault(row, brief(reason)));
        }
    }

    /** Adds the fields {@code refused} and {@code errors}, where there is something to tell. */
    void writeTo(ObjectNode acknowledgement) {
        if (count == 0) {
            return;
        }
        acknowledgement.put("refused", count);
        ArrayNode errors = acknowledgement.putArray("errors");
        named.forEach(fault -> errors.addObject().put("row", fault.row).put("reason", fault.reason));
    }

    /** What is wrong, without the row at the beginning of its text. */
    static String reason(QuiverException fault) {
        String message =
                Objects.requireNonNullElse(fault.getMessage(), fault.code().name());
        return ROW.matcher(message).replaceFirst("");
    }

    private static String brief(QuiverException fault) {
        String reason = reason(fault);
        return reason.length() > REASON_CHARS_MAX ? reason.substring(0, REASON_CHARS_MAX) + "..." : reason;
    }
}

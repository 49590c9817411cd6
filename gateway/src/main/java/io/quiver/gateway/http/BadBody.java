package io.quiver.gateway.http;

import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.QuiverException;

/** What is said of a body that cannot be used: broken JSON is one thing, a wrong shape another. */
final class BadBody {
    private BadBody() {}

    /** Not JSON. */
    static QuiverException syntax(RequestBody body, String problem, int offset) {
        return QuiverException.invalid(
                "Failed to parse the request body as JSON: %s at %s".formatted(problem, body.position(offset)));
    }

    /** JSON, but not what the route wants. */
    static QuiverException shape(String problem) {
        return new QuiverException(
                ErrorCode.UNPROCESSABLE, "Failed to deserialize the JSON body into the target type: " + problem);
    }

    /** JSON, but not what the route wants, at {@code path}. */
    static QuiverException shape(RequestBody body, String path, String problem, int offset) {
        return shape("%s: %s at %s".formatted(path, problem, body.position(offset)));
    }

    static QuiverException missingField(RequestBody body, String name, int offset) {
        return shape("missing field `%s` at %s".formatted(name, body.position(offset)));
    }

    /** The beginning of a text of any length, without half a character at its end. */
    static String shortened(String text, int lengthMax) {
        if (text.length() <= lengthMax) {
            return text;
        }
        int cut = Character.isHighSurrogate(text.charAt(lengthMax - 1)) ? lengthMax - 1 : lengthMax;
        return text.substring(0, cut) + "...";
    }
}

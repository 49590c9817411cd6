package io.quiver.gateway.http;

import io.quiver.log.record.QuiverException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;

/**
 * Walks through the object that a body is, field by field.
 *
 * <p>It only finds where values begin and end, so that each is read by what suits it: embeddings by
 * {@link EmbeddingReader}, straight from the bytes, the rest by Jackson through {@link JsonValue}, which also finds
 * what is not JSON inside a value. The cursor itself refuses nesting deeper than its limit and, by {@link JsonString},
 * what is no Unicode text.
 *
 * <p>Belongs to one thread.
 */
final class JsonCursor {
    /** What {@link #peek} answers behind the last byte. */
    static final int END = -1;

    private final RequestBody body;
    private final byte[] bytes;
    private int at;

    JsonCursor(RequestBody body) {
        this.body = body;
        this.bytes = body.bytes();
    }

    /** Takes the fields of an object as they come. */
    @FunctionalInterface
    interface FieldReader {
        /**
         * Reads the value that {@code in} is at, if the field is known.
         *
         * @return false for an unknown field, which is then skipped
         */
        boolean read(String name, JsonCursor in);
    }

    /** Reads the whole body as one object; returns the offset of its last byte. */
    int readObject(FieldReader reader) {
        if (peek() != '{') {
            throw notAnObject();
        }
        at++;
        if (peek() == '}') {
            at++;
        } else {
            readFields(reader);
        }
        int last = at - 1;
        if (peek() != END) {
            throw syntax("trailing characters");
        }
        return last;
    }

    private void readFields(FieldReader reader) {
        Set<String> seen = new HashSet<>();
        do {
            String name = readName();
            if (!reader.read(name, this)) {
                value(name).check();
            } else if (!seen.add(name)) {
                throw BadBody.shape("duplicate field `%s` at %s".formatted(name, body.position(at)));
            }
        } while (hasMore('}', "object"));
    }

    private String readName() {
        if (peek() != '"') {
            throw peek() == END
                    ? endOf("an object")
                    : syntax(peek() == '}' ? "trailing comma" : "key must be a string");
        }
        String name = name();
        if (peek() != ':') {
            throw peek() == END ? endOf("an object") : syntax("expected `:`");
        }
        at++;
        return name;
    }

    /** The string that the cursor is at; most names are plain letters. */
    private String name() {
        for (int i = at + 1; i < body.length() && isWordOrUnderscore(bytes[i]); i++) {
            if (i + 1 < body.length() && bytes[i + 1] == '"') {
                String name = new String(bytes, at + 1, i - at, StandardCharsets.US_ASCII);
                at = i + 2;
                return name;
            }
        }
        return value("").text();
    }

    private static boolean isWordOrUnderscore(byte letter) {
        return isWord(letter) || letter == '_';
    }

    /** Steps over a comma, or over {@code close}, which ends the list. */
    boolean hasMore(char close, String list) {
        int next = peek();
        if (next != ',' && next != close) {
            throw next == END
                    ? endOf("object".equals(list) ? "an object" : "a list")
                    : syntax("expected `,` or `%s`".formatted(close));
        }
        at++;
        return next == ',';
    }

    /** The value that the cursor is at; the cursor moves behind it. */
    JsonValue value(String path) {
        peek();
        int from = at;
        skipValue();
        return new JsonValue(body, from, at, path);
    }

    /** The next byte that is not white space, not taken. */
    int peek() {
        while (at < body.length()) {
            byte next = bytes[at];
            if (next != ' ' && next != '\n' && next != '\r' && next != '\t') {
                return next & 0xFF;
            }
            at++;
        }
        return END;
    }

    /** Takes the next byte if it is {@code wanted}. */
    boolean take(char wanted) {
        boolean isThere = peek() == wanted;
        if (isThere) {
            at++;
        }
        return isThere;
    }

    /** Takes the next value if it is null. */
    boolean takeNull() {
        return peek() == 'n' && value("").orNull(JsonValue::text) == null;
    }

    RequestBody body() {
        return body;
    }

    int offset() {
        return at;
    }

    void moveTo(int offset) {
        at = offset;
    }

    QuiverException syntax(String problem) {
        return BadBody.syntax(body, problem, at);
    }

    private QuiverException endOf(String what) {
        return BadBody.syntax(body, "EOF while parsing " + what, body.length() - 1);
    }

    private QuiverException notAnObject() {
        if (peek() == END) {
            return endOf("a value");
        }
        JsonValue value = value("");
        value.check();
        return peek() == END ? BadBody.shape(value.wrongType("an object")) : syntax("trailing characters");
    }

    private void skipValue() {
        int depth = 1;
        do {
            switch (peek()) {
                case '{', '[' -> {
                    at++;
                    depth = deeper(depth);
                }
                case '}', ']' -> {
                    depth = shallower(depth);
                    at++;
                }
                case ',', ':' -> {
                    shallower(depth);
                    at++;
                }
                case '"' -> skipString();
                case END -> throw endOf("a value");
                default -> skipWord();
            }
        } while (depth > 1);
    }

    private int deeper(int depth) {
        if (depth == body.limits().jsonDepthMax()) {
            throw syntax("recursion limit exceeded");
        }
        return depth + 1;
    }

    private int shallower(int depth) {
        if (depth == 1) {
            throw syntax("expected value");
        }
        return depth - 1;
    }

    private void skipWord() {
        int from = at;
        while (at < body.length() && isWord(bytes[at])) {
            at++;
        }
        if (at == from) {
            throw syntax("expected value");
        }
    }

    private static boolean isWord(byte letter) {
        return (letter >= '0' && letter <= '9')
                || (letter >= 'a' && letter <= 'z')
                || (letter >= 'A' && letter <= 'Z')
                || letter == '-'
                || letter == '+'
                || letter == '.';
    }

    private void skipString() {
        at = JsonString.end(body, at);
    }
}

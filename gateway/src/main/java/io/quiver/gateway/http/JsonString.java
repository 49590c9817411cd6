package io.quiver.gateway.http;

import io.quiver.log.record.QuiverException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Finds where a JSON string ends, and refuses one that is no Unicode text: bytes that are not UTF-8, escaped halves of
 * surrogate pairs. Other broken escapes are left to Jackson.
 */
final class JsonString {
    /** Behind the backslash: a letter and four digits. */
    private static final int ESCAPED_UNIT_BYTES = 5;

    private final RequestBody body;
    private final byte[] bytes;
    private int at;

    private JsonString(RequestBody body, int from) {
        this.body = body;
        this.bytes = body.bytes();
        this.at = from;
    }

    /** The offset behind the string that begins, with its quotation mark, at {@code from}. */
    static int end(RequestBody body, int from) {
        JsonString string = new JsonString(body, from + 1);
        if (string.skip() < 0) {
            string.requireUtf8(from);
        }
        return string.at;
    }

    /** The bits of all bytes together: negative where one is not ASCII. */
    private int skip() {
        int bits = 0;
        while (at < body.length()) {
            byte next = bytes[at++];
            bits |= next;
            if (next == '"') {
                return bits;
            }
            if (next == '\\') {
                skipEscape();
            }
        }
        throw BadBody.syntax(body, "EOF while parsing a string", body.length() - 1);
    }

    private void skipEscape() {
        int unit = escapedUnit(at);
        if (unit < 0) {
            at++;
        } else if (Character.isSurrogate((char) unit)) {
            skipSurrogates((char) unit);
        } else {
            at += ESCAPED_UNIT_BYTES;
        }
    }

    private void skipSurrogates(char first) {
        int backslash = at + ESCAPED_UNIT_BYTES;
        int second = backslash < body.length() && bytes[backslash] == '\\' ? escapedUnit(backslash + 1) : -1;
        if (!Character.isHighSurrogate(first) || second < 0 || !Character.isLowSurrogate((char) second)) {
            throw loneSurrogate();
        }
        at = backslash + 1 + ESCAPED_UNIT_BYTES;
    }

    /** The code unit behind a backslash, -1 where the escape is another one or broken. */
    private int escapedUnit(int from) {
        if (from + ESCAPED_UNIT_BYTES > body.length() || bytes[from] != 'u') {
            return -1;
        }
        int unit = 0;
        for (int i = from + 1; i < from + ESCAPED_UNIT_BYTES; i++) {
            int digit = Character.digit(bytes[i], 16);
            if (digit < 0) {
                return -1;
            }
            unit = unit << 4 | digit;
        }
        return unit;
    }

    private void requireUtf8(int from) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, from, at - from));
        } catch (CharacterCodingException e) {
            throw BadBody.syntax(body, "invalid unicode code point", from);
        }
    }

    private QuiverException loneSurrogate() {
        return BadBody.syntax(body, "lone leading surrogate in hex escape", at);
    }
}

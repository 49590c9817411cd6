package io.quiver.executor.filter;

import java.nio.charset.StandardCharsets;
import org.apache.lucene.util.BytesRef;

/**
 * A text as its grams: at each of its places, the end included, the three code points that begin there, or as many as
 * there still are. So every text has the empty gram; a document holds a text of one or two code points where one of its
 * grams begins with it, a text of three where it is one of its grams, and a longer one only where it has all its grams.
 *
 * <p>Grams are windows of the text's UTF-8; making them copies nothing.
 */
final class Grams {
    static final int LENGTH = 3;
    /** The Lucene field that they are in. */
    static final String FIELD = "grams";

    private final byte[] utf8;
    private int from;
    private int to;

    Grams(String text) {
        this.utf8 = text.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < LENGTH; i++) {
            to = next(to);
        }
    }

    /** The gram at the current place, valid until {@link #advance}. */
    BytesRef current() {
        return new BytesRef(utf8, from, to - from);
    }

    /** Whether the current gram has its full length. */
    boolean isFull() {
        return next(next(from)) < to;
    }

    boolean isAtEnd() {
        return from == utf8.length;
    }

    void advance() {
        from = next(from);
        to = next(to);
    }

    /** Where the code point ends that begins at {@code at}. */
    private int next(int at) {
        int end = Math.min(at + 1, utf8.length);
        while (end < utf8.length && (utf8[end] & 0xC0) == 0x80) {
            end++;
        }
        return end;
    }
}

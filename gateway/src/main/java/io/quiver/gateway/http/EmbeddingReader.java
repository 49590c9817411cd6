package io.quiver.gateway.http;

import io.quiver.log.record.Embedding;
import io.quiver.log.record.QuiverException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the embeddings of one request into one array of floats, which they share: arrays of numbers, or base64 of
 * little-endian floats. No value is boxed.
 *
 * <p>Belongs to one thread.
 */
final class EmbeddingReader {
    /** A float takes about so many bytes as JSON; only the first guess of the array's length rests on it. */
    private static final int FLOAT_TEXT_BYTES = 8;

    private static final int INITIAL_MAX = 1 << 20;

    private final JsonCursor in;
    private final String path;
    private final Form form;
    private final PlainNumbers plain;
    private final FloatScanner scanner;
    private float[] floats;
    private int size;
    private final List<int[]> windows = new ArrayList<>();
    private int kind;

    /** What a route accepts as embeddings. */
    enum Form {
        /** Arrays of numbers. */
        QUERIES,
        /** Arrays of numbers, or base64. */
        RECORDS,
        /** Arrays of numbers, or base64, or null where an embedding stays as it is. */
        CHANGES
    }

    private EmbeddingReader(JsonCursor in, String path, Form form) {
        this.in = in;
        this.path = path;
        this.form = form;
        this.plain = new PlainNumbers(in.body());
        this.scanner = new FloatScanner(in.body());
        int left = in.body().length() - in.offset();
        this.floats = new float[Math.min(INITIAL_MAX, left / FLOAT_TEXT_BYTES + 1)];
    }

    /** Reads the array that the cursor is at. */
    static List<@Nullable Embedding> read(JsonCursor in, String path, Form form) {
        EmbeddingReader reader = new EmbeddingReader(in, path, form);
        reader.readAll();
        return reader.embeddings();
    }

    private void readAll() {
        if (in.peek() != '[') {
            throw BadBody.shape(path + ": " + in.value(path).wrongType("a sequence"));
        }
        in.take('[');
        if (!in.take(']')) {
            do {
                readOne();
            } while (in.hasMore(']', "list"));
        }
    }

    private void readOne() {
        switch (in.peek()) {
            case '[' -> {
                requireOneKind('[');
                readNumbers();
            }
            case '"' -> {
                requireOneKind('"');
                readBase64();
            }
            default -> readNull();
        }
    }

    private void requireOneKind(int found) {
        boolean isAccepted = found == '[' || form != Form.QUERIES;
        if (!isAccepted || (kind != 0 && kind != found)) {
            throw wrong(element(), kind == 0 ? "a sequence" : "embeddings of one form");
        }
        kind = found;
    }

    private void readNull() {
        JsonValue value = in.value(element());
        value.check();
        if (form != Form.CHANGES || !value.isNull()) {
            throw BadBody.shape(element() + ": " + value.wrongType("an embedding"));
        }
        windows.add(new int[] {0, 0});
    }

    private void readNumbers() {
        int from = size;
        in.take('[');
        if (!in.take(']')) {
            do {
                readPlainNumbers();
                readNumber();
            } while (in.hasMore(']', "list"));
        }
        keep(from);
    }

    private void readPlainNumbers() {
        size = plain.read(in.offset(), floats, size);
        in.moveTo(plain.offset());
    }

    private void readNumber() {
        int first = in.peek();
        if (first != '-' && (first < '0' || first > '9')) {
            throw notANumber();
        }
        room(1);
        floats[size++] = scanner.read(in.offset());
        in.moveTo(scanner.offset());
    }

    /** Broken JSON is said to be so; a string, say, in place of a number is another matter. */
    private QuiverException notANumber() {
        if (in.peek() == ']') {
            return in.syntax("trailing comma");
        }
        return wrong(element(), "f32");
    }

    private QuiverException wrong(String at, String expected) {
        JsonValue value = in.value(at);
        value.check();
        return BadBody.shape(at + ": " + value.wrongType(expected));
    }

    private void readBase64() {
        JsonValue text = in.value(element());
        ByteBuffer values = decode(text).order(ByteOrder.LITTLE_ENDIAN);
        if (values.remaining() % Float.BYTES != 0) {
            throw QuiverException.invalid("Invalid base64 embedding at %s: %d bytes are not whole floats"
                    .formatted(text.path(), values.remaining()));
        }
        int from = size;
        int count = values.remaining() / Float.BYTES;
        room(count);
        values.asFloatBuffer().get(floats, size, count);
        size += count;
        requireFinite(from);
        keep(from);
    }

    /** Base64 needs no escapes, but a slash may be written with one. */
    private static ByteBuffer decode(JsonValue value) {
        byte[] bytes = value.body().bytes();
        int from = value.from() + 1;
        int length = value.to() - from - 1;
        boolean isEscaped = false;
        for (int i = from; i < from + length; i++) {
            isEscaped |= bytes[i] == '\\';
        }
        ByteBuffer text = isEscaped
                ? ByteBuffer.wrap(value.text().getBytes(StandardCharsets.UTF_8))
                : ByteBuffer.wrap(bytes, from, length);
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw QuiverException.invalid("Invalid base64 embedding at %s".formatted(value.path()));
        }
    }

    private void requireFinite(int from) {
        for (int i = from; i < size; i++) {
            if (!Float.isFinite(floats[i])) {
                throw QuiverException.invalid("Validation error: %s: Embedding values must be finite, got %s"
                        .formatted(element(), floats[i]));
            }
        }
    }

    private void keep(int from) {
        if (size == from) {
            throw QuiverException.invalid(
                    "Validation error: %s: Embedding must have at least one dimension".formatted(element()));
        }
        windows.add(new int[] {from, size - from});
    }

    private String element() {
        return path + "[" + windows.size() + "]";
    }

    private void room(int more) {
        if (floats.length - size < more) {
            int likely = (int) Math.min(INITIAL_MAX, (long) size * in.body().length() / in.offset());
            int larger = Math.max(likely, floats.length + (floats.length >> 1)) + 16;
            floats = Arrays.copyOf(floats, Math.max(size + more, larger));
        }
    }

    private List<@Nullable Embedding> embeddings() {
        List<@Nullable Embedding> embeddings = new ArrayList<>(windows.size());
        for (int[] window : windows) {
            embeddings.add(window[1] == 0 ? null : Embedding.slice(floats, window[0], window[1]));
        }
        return embeddings;
    }
}

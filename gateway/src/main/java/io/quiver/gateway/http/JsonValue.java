package io.quiver.gateway.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import io.quiver.executor.query.QueryLimits;
import io.quiver.log.record.QuiverException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One value in a body: the bytes from {@code from} to {@code to}. Each reading refuses what is not JSON, and JSON of
 * another type than it wants, with the path and the place.
 */
record JsonValue(RequestBody body, int from, int to, String path) {
    private static final int SHOWN_LENGTH_MAX = 64;
    private static final byte[] NULL = {'n', 'u', 'l', 'l'};

    /** A tree takes many times the bytes of its text. */
    static final int TREE_BYTES_MAX = 4 * 1024 * 1024;

    private static final long U32_MAX = 0xFFFF_FFFFL;

    /** Reads from a parser that is at the value's first token, and leaves it at the last. */
    @FunctionalInterface
    interface Reading<T> {
        T read(JsonParser in) throws IOException;
    }

    /** What a query in it may ask. */
    QueryLimits limits() {
        return body.limits().query();
    }

    boolean isNull() {
        return Arrays.equals(body.bytes(), from, to, NULL, 0, NULL.length);
    }

    /** Nothing for {@code null}: to most routes an absent field and {@code null} are the same. */
    <T> @Nullable T orNull(Function<JsonValue, T> reading) {
        return isNull() ? null : reading.apply(this);
    }

    <T> T read(Reading<T> reading) {
        try (JsonParser in = Json.FACTORY.createParser(body.bytes(), from, to - from)) {
            in.nextToken();
            T value = reading.read(in);
            if (in.nextToken() != null) {
                throw BadBody.syntax(body, "trailing characters", offset(in));
            }
            return value;
        } catch (JsonProcessingException e) {
            throw notJson(e);
        } catch (IOException e) {
            throw new UncheckedIOException("bytes in memory could not be read", e);
        }
    }

    /** Refuses what is not JSON. */
    void check() {
        read(JsonParser::skipChildren);
    }

    String text() {
        return read(in -> text(in, path));
    }

    boolean truth() {
        return read(in -> switch (in.currentToken()) {
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            default -> throw wrongType(in, path, "a boolean");
        });
    }

    /** An unsigned number of 32 bits; what is above the largest int is that. */
    int count() {
        int plain = ShortNumber.whole(body.bytes(), from, to);
        return plain == ShortNumber.NONE ? parsedCount() : plain;
    }

    private int parsedCount() {
        return read(in -> {
            if (in.currentToken() != JsonToken.VALUE_NUMBER_INT) {
                throw wrongType(in, path, "u32");
            }
            if (in.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                    || in.getLongValue() < 0
                    || in.getLongValue() > U32_MAX) {
                throw shape(in, path, "invalid value: %s, expected u32".formatted(shown(in)));
            }
            return (int) Math.min(in.getLongValue(), Integer.MAX_VALUE);
        });
    }

    /** An unsigned number of 64 bits; what is above the largest long is that. */
    long longCount() {
        return read(in -> {
            if (in.currentToken() != JsonToken.VALUE_NUMBER_INT) {
                throw wrongType(in, path, "u64");
            }
            BigInteger value = in.getBigIntegerValue();
            if (value.signum() < 0 || value.bitLength() > Long.SIZE) {
                throw shape(in, path, "invalid value: %s, expected u64".formatted(shown(in)));
            }
            return value.min(BigInteger.valueOf(Long.MAX_VALUE)).longValue();
        });
    }

    /** The value as a body of its own. */
    RequestBody asBody() {
        return new RequestBody(Arrays.copyOfRange(body.bytes(), from, to), to - from, body.limits());
    }

    double number() {
        double plain = ShortNumber.decimal(body.bytes(), from, to);
        return Double.isNaN(plain) ? parsedNumber() : plain;
    }

    private double parsedNumber() {
        return read(in -> {
            if (!in.currentToken().isNumeric()) {
                throw wrongType(in, path, "a number");
            }
            return in.getDoubleValue();
        });
    }

    List<String> texts() {
        return elements(JsonValue.this::text);
    }

    /** Texts that name records, as many as one request may name. */
    List<String> ids() {
        List<String> ids = texts();
        RequestLimits.require(path, ids.size(), body.limits().idsMax(), " ids");
        return ids;
    }

    List<@Nullable String> nullableTexts() {
        return elements((in, at) -> in.currentToken() == JsonToken.VALUE_NULL ? null : text(in, at));
    }

    /** Reads one element of an array, {@code path} being where it is. */
    @FunctionalInterface
    interface ElementReading<T extends @Nullable Object> {
        T read(JsonParser in, String path) throws IOException;
    }

    /** Reads an array, element by element. */
    <T extends @Nullable Object> List<T> elements(ElementReading<T> reading) {
        return read(in -> {
            if (in.currentToken() != JsonToken.START_ARRAY) {
                throw wrongType(in, path, "a sequence");
            }
            List<T> elements = new ArrayList<>();
            while (in.nextToken() != JsonToken.END_ARRAY) {
                elements.add(reading.read(in, path + "[" + elements.size() + "]"));
            }
            return elements;
        });
    }

    /** For small objects: filters, and what configures a collection. */
    JsonNode tree() {
        if (to - from > TREE_BYTES_MAX) {
            throw QuiverException.invalid("Validation error: %s: Expected at most %d bytes of JSON, got %d"
                    .formatted(path, TREE_BYTES_MAX, to - from));
        }
        return read(Json.MAPPER::<JsonNode>readTree);
    }

    /** What is said of the value when it should have been {@code expected}. */
    String wrongType(String expected) {
        return read(in -> {
            String found = shown(in);
            in.skipChildren();
            return "invalid type: %s, expected %s at %s".formatted(found, expected, body.position(from));
        });
    }

    /** Reads the string that the parser is at. */
    String text(JsonParser in, String at) throws IOException {
        if (in.currentToken() != JsonToken.VALUE_STRING) {
            throw wrongType(in, at, "a string");
        }
        return in.getText();
    }

    /** Refuses what the parser is at. */
    QuiverException wrongType(JsonParser in, String at, String expected) throws IOException {
        return shape(in, at, "invalid type: %s, expected %s".formatted(shown(in), expected));
    }

    /** Refuses what the parser is at, in words of the caller's. */
    QuiverException shape(JsonParser in, String at, String problem) {
        return BadBody.shape(body, at, problem, offset(in));
    }

    /** Refuses a number that no type can hold. */
    QuiverException syntax(JsonParser in, String problem) {
        return BadBody.syntax(body, problem, offset(in));
    }

    private int offset(JsonParser in) {
        return from + (int) Math.max(0, in.currentLocation().getByteOffset() - 1);
    }

    private QuiverException notJson(JsonProcessingException e) {
        long offset = e.getLocation() == null ? 0 : Math.max(0, e.getLocation().getByteOffset());
        return BadBody.syntax(body, withoutAdvice(e.getOriginalMessage()), (int) Math.min(from + offset, to - 1));
    }

    /** The parser tells those who program it what they could enable. */
    private static String withoutAdvice(String problem) {
        int advice = problem.indexOf(": enable `");
        return advice < 0 ? problem : problem.substring(0, advice);
    }

    private static String shown(JsonParser in) throws IOException {
        return switch (in.currentToken()) {
            case VALUE_STRING -> "string \"" + shortened(in.getText()) + "\"";
            case VALUE_NUMBER_INT -> "integer `" + shortened(in.getText()) + "`";
            case VALUE_NUMBER_FLOAT -> "floating point `" + shortened(in.getText()) + "`";
            case VALUE_TRUE, VALUE_FALSE -> "boolean `" + in.getText() + "`";
            case START_ARRAY -> "sequence";
            case START_OBJECT -> "map";
            default -> "null";
        };
    }

    private static String shortened(String text) {
        return BadBody.shortened(text, SHOWN_LENGTH_MAX);
    }
}

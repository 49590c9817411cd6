package io.quiver.log.record;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A sparse vector as JSON: {@code {"#type":"sparse_vector","indices":[..],"values":[..],"tokens":[..]}}. The type may
 * be left out when it is read, and tokens always. Any other object is no value of metadata. A reader belongs to one
 * thread.
 */
final class SparseJson {
    private static final String TYPE = "sparse_vector";
    private static final long U32_MAX = 0xFFFF_FFFFL;

    private final JsonParser parser;
    private final String key;
    private int @Nullable [] indices;
    private float @Nullable [] values;
    private @Nullable List<String> tokens;
    private boolean hasOtherFields;

    private SparseJson(JsonParser parser, String key) {
        this.parser = parser;
        this.key = key;
    }

    /** Reads the object at whose start the parser stands; afterwards it stands at its end. */
    static SparseVector read(JsonParser parser, String key) throws IOException {
        SparseJson reader = new SparseJson(parser, key);
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            reader.readField(name);
        }
        return reader.vector();
    }

    static void write(JsonGenerator out, SparseVector vector) throws IOException {
        out.writeStartObject();
        out.writeStringField("#type", TYPE);
        out.writeArrayFieldStart("indices");
        for (int i = 0; i < vector.size(); i++) {
            out.writeNumber(Integer.toUnsignedLong(vector.index(i)));
        }
        out.writeEndArray();
        out.writeArrayFieldStart("values");
        for (int i = 0; i < vector.size(); i++) {
            out.writeNumber(vector.value(i));
        }
        out.writeEndArray();
        if (vector.tokens() != null) {
            writeTokens(out, vector.tokens());
        }
        out.writeEndObject();
    }

    private static void writeTokens(JsonGenerator out, List<String> tokens) throws IOException {
        out.writeArrayFieldStart("tokens");
        for (String token : tokens) {
            out.writeString(token);
        }
        out.writeEndArray();
    }

    private void readField(String name) throws IOException {
        switch (name) {
            case "#type" -> readType();
            case "indices" -> indices = readIndices();
            case "values" -> values = readValues();
            case "tokens" -> tokens = parser.currentToken() == JsonToken.VALUE_NULL ? null : readTokens();
            default -> {
                parser.skipChildren();
                hasOtherFields = true;
            }
        }
    }

    private SparseVector vector() {
        if (hasOtherFields || indices == null || values == null) {
            throw MetadataJson.refused(key, "expected a value or an array of values, found an object");
        }
        try {
            return SparseVector.of(indices, values, tokens);
        } catch (IllegalArgumentException e) {
            throw QuiverException.invalid(key + ": " + e.getMessage());
        }
    }

    private void readType() throws IOException {
        if (parser.currentToken() != JsonToken.VALUE_STRING || !TYPE.equals(parser.getText())) {
            throw MetadataJson.refused(key, "expected the #type '%s', found %s".formatted(TYPE, parser.getText()));
        }
    }

    private int[] readIndices() throws IOException {
        int[] read = new int[16];
        int count = 0;
        for (startArray("indices"); parser.nextToken() != JsonToken.END_ARRAY; count++) {
            read = count == read.length ? Arrays.copyOf(read, larger(count)) : read;
            read[count] = readIndex();
        }
        return Arrays.copyOf(read, count);
    }

    private int readIndex() throws IOException {
        boolean isLong = parser.currentToken() == JsonToken.VALUE_NUMBER_INT
                && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER;
        if (!isLong || parser.getLongValue() < 0 || parser.getLongValue() > U32_MAX) {
            throw MetadataJson.refused(key, "expected an index of 32 bits, found " + parser.getText());
        }
        return (int) parser.getLongValue();
    }

    private float[] readValues() throws IOException {
        float[] read = new float[16];
        int count = 0;
        for (startArray("values"); parser.nextToken() != JsonToken.END_ARRAY; count++) {
            read = count == read.length ? Arrays.copyOf(read, larger(count)) : read;
            read[count] = readNumber();
        }
        return Arrays.copyOf(read, count);
    }

    private float readNumber() throws IOException {
        if (!parser.currentToken().isNumeric()) {
            throw MetadataJson.refused(key, "expected a number, found " + parser.getText());
        }
        return parser.getFloatValue();
    }

    private List<String> readTokens() throws IOException {
        List<String> read = new ArrayList<>();
        for (startArray("tokens"); parser.nextToken() != JsonToken.END_ARRAY; ) {
            if (parser.currentToken() != JsonToken.VALUE_STRING) {
                throw MetadataJson.refused(key, "expected a token, found " + parser.getText());
            }
            larger(read.size());
            read.add(parser.getText());
        }
        return read;
    }

    private void startArray(String name) throws IOException {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            throw MetadataJson.refused(key, "expected an array of %s, found %s".formatted(name, parser.getText()));
        }
    }

    /** Room for more than {@code count} elements; refuses what is too long before all of it is read. */
    private int larger(int count) {
        if (count >= SparseVector.TERMS_MAX) {
            throw QuiverException.invalid(
                    key + ": a sparse vector has at most %d terms".formatted(SparseVector.TERMS_MAX));
        }
        return Math.min(2 * count, SparseVector.TERMS_MAX);
    }
}

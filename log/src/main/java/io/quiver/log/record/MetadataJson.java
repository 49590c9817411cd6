package io.quiver.log.record;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonParser.NumberType;
import com.fasterxml.jackson.core.JsonToken;
import io.quiver.log.record.MetadataValue.Array;
import io.quiver.log.record.MetadataValue.Bool;
import io.quiver.log.record.MetadataValue.Int;
import io.quiver.log.record.MetadataValue.Real;
import io.quiver.log.record.MetadataValue.Scalar;
import io.quiver.log.record.MetadataValue.Sparse;
import io.quiver.log.record.MetadataValue.Text;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Metadata as JSON objects, read and written by streaming. A number without fraction and exponent is an integer, every
 * other is a double, and each comes back as it went in. A value of the wrong shape is {@link ErrorCode#UNPROCESSABLE},
 * a sparse vector of the right shape that is none {@code INVALID_ARGUMENT}; the message begins with the key.
 */
public final class MetadataJson {
    private MetadataJson() {}

    /** Reads the object at whose start the parser stands; afterwards it stands at its end. No value may be null. */
    public static Metadata readMetadata(JsonParser parser) throws IOException {
        Map<String, MetadataValue> fields = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = parser.currentName();
            parser.nextToken();
            fields.put(key, readValue(parser, key));
        }
        return fields.isEmpty() ? Metadata.EMPTY : new Metadata(fields);
    }

    /** As {@link #readMetadata}, but a null removes its key. */
    public static MetadataPatch readPatch(JsonParser parser) throws IOException {
        Map<String, MetadataValue> set = new LinkedHashMap<>();
        Set<String> removed = new LinkedHashSet<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = parser.currentName();
            if (parser.nextToken() == JsonToken.VALUE_NULL) {
                removed.add(key);
                set.remove(key);
            } else {
                set.put(key, readValue(parser, key));
                removed.remove(key);
            }
        }
        return set.isEmpty() && removed.isEmpty() ? MetadataPatch.NONE : new MetadataPatch(set, removed);
    }

    public static void write(JsonGenerator out, Metadata metadata) throws IOException {
        out.writeStartObject();
        writeFields(out, metadata.fields());
        out.writeEndObject();
    }

    /** Writes what {@link #readPatch} reads. */
    public static void write(JsonGenerator out, MetadataPatch patch) throws IOException {
        out.writeStartObject();
        writeFields(out, patch.set());
        for (String key : patch.removed()) {
            out.writeNullField(key);
        }
        out.writeEndObject();
    }

    private static void writeFields(JsonGenerator out, Map<String, MetadataValue> fields) throws IOException {
        for (Map.Entry<String, MetadataValue> field : fields.entrySet()) {
            out.writeFieldName(field.getKey());
            writeValue(out, field.getValue());
        }
    }

    private static void writeValue(JsonGenerator out, MetadataValue value) throws IOException {
        switch (value) {
            case Bool(boolean truth) -> out.writeBoolean(truth);
            case Int(long number) -> out.writeNumber(number);
            case Real(double number) -> out.writeNumber(number);
            case Text(String text) -> out.writeString(text);
            case Array(var values) -> {
                out.writeStartArray();
                for (Scalar element : values) {
                    writeValue(out, element);
                }
                out.writeEndArray();
            }
            case Sparse(SparseVector vector) -> SparseJson.write(out, vector);
        }
    }

    private static MetadataValue readValue(JsonParser parser, String key) throws IOException {
        return switch (parser.currentToken()) {
            case START_ARRAY -> readArray(parser, key);
            case START_OBJECT -> new Sparse(SparseJson.read(parser, key));
            default -> readScalar(parser, key);
        };
    }

    private static Array readArray(JsonParser parser, String key) throws IOException {
        List<Scalar> values = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            Scalar value = readScalar(parser, key);
            if (!values.isEmpty() && values.getFirst().getClass() != value.getClass()) {
                throw refused(key, "expected an array of values of one kind, found several kinds");
            }
            values.add(value);
        }
        return new Array(values);
    }

    private static Scalar readScalar(JsonParser parser, String key) throws IOException {
        return switch (parser.currentToken()) {
            case VALUE_STRING -> new Text(parser.getText());
            case VALUE_NUMBER_INT -> new Int(readLong(parser, key));
            case VALUE_NUMBER_FLOAT -> new Real(readDouble(parser, key));
            case VALUE_TRUE -> new Bool(true);
            case VALUE_FALSE -> new Bool(false);
            case VALUE_NULL -> throw refused(key, "expected a value, found null");
            case START_ARRAY -> throw refused(key, "expected a single value, found an array in an array");
            case START_OBJECT -> throw refused(key, "expected a single value, found an object in an array");
            default -> throw refused(key, "expected a value, found " + parser.currentToken());
        };
    }

    private static long readLong(JsonParser parser, String key) throws IOException {
        if (parser.getNumberType() == NumberType.BIG_INTEGER) {
            throw refused(key, "expected an integer of 64 bits, found " + parser.getText());
        }
        return parser.getLongValue();
    }

    private static double readDouble(JsonParser parser, String key) throws IOException {
        double number = parser.getDoubleValue();
        if (!Double.isFinite(number)) {
            throw refused(key, "expected a double, found " + parser.getText());
        }
        return number;
    }

    static QuiverException refused(String key, String reason) {
        return new QuiverException(ErrorCode.UNPROCESSABLE, key + ": " + reason);
    }
}

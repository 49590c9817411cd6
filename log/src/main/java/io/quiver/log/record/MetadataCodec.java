package io.quiver.log.record;

import io.quiver.log.record.MetadataValue.Array;
import io.quiver.log.record.MetadataValue.Bool;
import io.quiver.log.record.MetadataValue.Int;
import io.quiver.log.record.MetadataValue.Real;
import io.quiver.log.record.MetadataValue.Scalar;
import io.quiver.log.record.MetadataValue.Sparse;
import io.quiver.log.record.MetadataValue.Text;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Metadata as bytes, in the log, in segments and between processes. Buffers are little-endian, which the caller sets.
 *
 * <pre>
 * metadata = u32 count, count x field       field = text key, value        text = u32 length, UTF-8 bytes
 * value = u8 kind: 1 false | 2 true | 3 i64 | 4 f64 | 5 text | 6 array = u32 count, count x value
 *         | 7 sparse = u32 count, u8 has tokens: 0 or 1, count x u32 index, count x f32, where it has tokens count x text
 * </pre>
 */
public final class MetadataCodec {
    static final int FALSE = 1;
    static final int TRUE = 2;
    static final int INT = 3;
    static final int REAL = 4;
    static final int TEXT = 5;
    static final int ARRAY = 6;
    static final int SPARSE = 7;

    private MetadataCodec() {}

    public static byte[] encode(Metadata metadata) {
        GrowingBuffer out = new GrowingBuffer(64);
        write(out, metadata);
        return out.toByteArray();
    }

    public static void write(GrowingBuffer out, Metadata metadata) {
        writeFields(out, metadata.fields());
    }

    /** Writes fields as the metadata that they would make. */
    public static void writeFields(GrowingBuffer out, Map<String, MetadataValue> fields) {
        out.putInt(fields.size());
        fields.forEach((key, value) -> {
            out.putText(key);
            writeValue(out, value);
        });
    }

    /** Reads from the buffer's position; throws {@link IllegalArgumentException} for bytes that are not metadata. */
    public static Metadata read(ByteBuffer in) {
        try {
            int count = in.getInt();
            Map<String, MetadataValue> fields = new LinkedHashMap<>();
            for (int i = 0; i < count; i++) {
                String key = readText(in);
                fields.put(key, readValue(in));
            }
            return fields.isEmpty() ? Metadata.EMPTY : new Metadata(fields);
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("metadata ends early", e);
        }
    }

    /** Reads a text written by {@link GrowingBuffer#putText}. */
    public static String readText(ByteBuffer in) {
        int length = in.getInt();
        if (length < 0 || length > in.remaining()) {
            throw new IllegalArgumentException("text of %d bytes in %d".formatted(length, in.remaining()));
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static void writeValue(GrowingBuffer out, MetadataValue value) {
        switch (value) {
            case Bool(boolean truth) -> out.putByte(truth ? TRUE : FALSE);
            case Int(long number) -> out.putByte(INT).putLong(number);
            case Real(double number) -> out.putByte(REAL).putLong(Double.doubleToRawLongBits(number));
            case Text(String text) -> out.putByte(TEXT).putText(text);
            case Array(var values) -> {
                out.putByte(ARRAY).putInt(values.size());
                values.forEach(element -> writeValue(out, element));
            }
            case Sparse(SparseVector vector) -> writeSparse(out.putByte(SPARSE), vector);
        }
    }

    private static MetadataValue readValue(ByteBuffer in) {
        int kind = in.get();
        return switch (kind) {
            case ARRAY -> readArray(in);
            case SPARSE -> new Sparse(readSparse(in));
            default -> readScalar(in, kind);
        };
    }

    private static void writeSparse(GrowingBuffer out, SparseVector vector) {
        List<String> tokens = vector.tokens();
        out.putInt(vector.size()).putByte(tokens == null ? 0 : 1);
        for (int i = 0; i < vector.size(); i++) {
            out.putInt(vector.index(i));
        }
        for (int i = 0; i < vector.size(); i++) {
            out.putInt(Float.floatToRawIntBits(vector.value(i)));
        }
        if (tokens != null) {
            tokens.forEach(out::putText);
        }
    }

    private static SparseVector readSparse(ByteBuffer in) {
        int count = in.getInt();
        boolean hasTokens = in.get() != 0;
        if (count < 0 || count > in.remaining() / (Integer.BYTES + Float.BYTES)) {
            throw new IllegalArgumentException(
                    "a sparse vector of %d terms in %d bytes".formatted(count, in.remaining()));
        }
        int[] indices = new int[count];
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            indices[i] = in.getInt();
        }
        for (int i = 0; i < count; i++) {
            values[i] = in.getFloat();
        }
        return SparseVector.of(indices, values, hasTokens ? readTexts(in, count) : null);
    }

    private static List<String> readTexts(ByteBuffer in, int count) {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            texts.add(readText(in));
        }
        return texts;
    }

    private static Array readArray(ByteBuffer in) {
        int count = in.getInt();
        List<Scalar> values = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            values.add(readScalar(in, in.get()));
        }
        return new Array(values);
    }

    private static Scalar readScalar(ByteBuffer in, int kind) {
        return switch (kind) {
            case FALSE -> new Bool(false);
            case TRUE -> new Bool(true);
            case INT -> new Int(in.getLong());
            case REAL -> new Real(in.getDouble());
            case TEXT -> new Text(readText(in));
            default -> throw new IllegalArgumentException("unknown kind of metadata value: " + kind);
        };
    }
}

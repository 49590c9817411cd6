package io.quiver.flight.codec;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.jspecify.annotations.Nullable;

/** Texts as UTF-8, or bytes; an entry may be null. */
public final class BytesColumn implements Column {
    private static final int INITIAL = 16;
    private static final int INITIAL_BYTES = 256;

    private final Field field;
    private byte[] bytes = new byte[INITIAL_BYTES];
    private int[] ends = new int[INITIAL + 1];
    private byte[] validity = new byte[INITIAL / Byte.SIZE];
    private int count;
    private int nullCount;

    private BytesColumn(String name, ArrowType type) {
        this.field = new Field(name, FieldType.nullable(type), null);
    }

    public static BytesColumn ofText(String name) {
        return new BytesColumn(name, ArrowType.Utf8.INSTANCE);
    }

    public static BytesColumn ofBytes(String name) {
        return new BytesColumn(name, ArrowType.Binary.INSTANCE);
    }

    public void add(@Nullable String text) {
        if (text == null) {
            addNull();
        } else {
            add(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    public void add(byte[] value) {
        int at = ends[count];
        int end = Math.addExact(at, value.length);
        if (end > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(end, (int) Math.min(2L * bytes.length, Integer.MAX_VALUE - 8)));
        }
        System.arraycopy(value, 0, bytes, at, value.length);
        room();
        validity[count / Byte.SIZE] |= (byte) (1 << (count % Byte.SIZE));
        ends[++count] = end;
    }

    /** Bytes of all values so far. */
    public int sizeBytes() {
        return ends[count];
    }

    @Override
    public Field field() {
        return field;
    }

    @Override
    public int count() {
        return count;
    }

    @Override
    public void clear() {
        Arrays.fill(validity, 0, count / Byte.SIZE + 1, (byte) 0);
        count = 0;
        nullCount = 0;
    }

    @Override
    public void layOut(Layout layout) {
        if (nullCount == 0) {
            layout.node(count);
        } else {
            layout.node(count, nullCount, validity);
        }
        layout.ints(ends, count + 1);
        layout.bytes(bytes, ends[count]);
    }

    public void addNull() {
        room();
        ends[count + 1] = ends[count];
        count++;
        nullCount++;
    }

    private void room() {
        if (count + 1 == ends.length) {
            ends = Arrays.copyOf(ends, 2 * count + 2);
        }
        if (count / Byte.SIZE + 1 >= validity.length) {
            validity = Arrays.copyOf(validity, 2 * validity.length);
        }
    }
}

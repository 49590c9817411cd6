package io.quiver.flight.codec;

import java.util.Arrays;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;

/** Truth values, never null. */
public final class BoolColumn implements Column {
    private static final int INITIAL_BYTES = 16;

    private final Field field;
    private byte[] bits = new byte[INITIAL_BYTES];
    private int count;

    public BoolColumn(String name) {
        this.field = new Field(name, FieldType.notNullable(ArrowType.Bool.INSTANCE), null);
    }

    public void add(boolean value) {
        int at = count / Byte.SIZE;
        if (at == bits.length) {
            bits = Arrays.copyOf(bits, 2 * at);
        }
        int bit = value ? 1 << (count % Byte.SIZE) : 0;
        bits[at] |= (byte) bit;
        count++;
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
        Arrays.fill(bits, (byte) 0);
        count = 0;
    }

    @Override
    public void layOut(Layout layout) {
        layout.node(count);
        layout.bytes(bits, (count + Byte.SIZE - 1) / Byte.SIZE);
    }
}

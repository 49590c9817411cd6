package io.quiver.flight.codec;

import java.util.Arrays;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;

/** 64-bit integers, never null. */
public final class LongColumn implements Column {
    private static final int INITIAL = 16;

    private final Field field;
    private long[] values = new long[INITIAL];
    private int count;

    public LongColumn(String name) {
        this.field = new Field(name, FieldType.notNullable(new ArrowType.Int(Long.SIZE, true)), null);
    }

    public void add(long value) {
        if (count == values.length) {
            values = Arrays.copyOf(values, 2 * count);
        }
        values[count++] = value;
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
        count = 0;
    }

    @Override
    public void layOut(Layout layout) {
        layout.node(count);
        layout.longs(values, count);
    }
}

package io.quiver.flight.codec;

import io.quiver.log.record.Embedding;
import java.util.Arrays;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;

/** 32-bit floating-point numbers, never null. */
public final class FloatColumn implements Column {
    private static final int INITIAL = 64;
    private static final ArrowType TYPE = new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE);

    private final Field field;
    private float[] values = new float[INITIAL];
    private int count;

    public FloatColumn(String name) {
        this.field = new Field(name, FieldType.notNullable(TYPE), null);
    }

    public void addAll(float[] source, int from, int length) {
        int at = room(length);
        System.arraycopy(source, from, values, at, length);
    }

    public void addAll(Embedding embedding) {
        int at = room(embedding.dimension());
        embedding.copyTo(values, at);
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
        layout.floats(values, count);
    }

    private int room(int more) {
        int at = count;
        count = Math.addExact(count, more);
        if (count > values.length) {
            values = Arrays.copyOf(values, Math.max(count, 2 * values.length));
        }
        return at;
    }
}

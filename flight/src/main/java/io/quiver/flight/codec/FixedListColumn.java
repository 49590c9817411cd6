package io.quiver.flight.codec;

import java.util.List;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;

/** Embeddings of one dimension, never null. */
public final class FixedListColumn implements Column {
    private final Field field;
    private final int dimension;
    private final FloatColumn elements = new FloatColumn("item");

    public FixedListColumn(String name, int dimension) {
        this.field = field(name, dimension);
        this.dimension = dimension;
    }

    public static Field field(String name, int dimension) {
        Field item = new FloatColumn("item").field();
        return new Field(name, FieldType.notNullable(new ArrowType.FixedSizeList(dimension)), List.of(item));
    }

    public FloatColumn elements() {
        return elements;
    }

    @Override
    public Field field() {
        return field;
    }

    @Override
    public int count() {
        return elements.count() / dimension;
    }

    @Override
    public void clear() {
        elements.clear();
    }

    @Override
    public void layOut(Layout layout) {
        layout.node(count());
        elements.layOut(layout);
    }
}

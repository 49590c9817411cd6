package io.quiver.flight.codec;

import java.util.Arrays;
import java.util.List;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;

/**
 * Lists of any length, never null: add the elements to {@link #elements}, then {@link #endList}.
 *
 * @param <C> the column of the elements
 */
public final class ListColumn<C extends Column> implements Column {
    private static final int INITIAL = 16;

    private final Field field;
    private final C elements;
    private int[] ends = new int[INITIAL];
    private int count;

    public ListColumn(String name, C elements) {
        this.field = new Field(name, FieldType.notNullable(ArrowType.List.INSTANCE), List.of(elements.field()));
        this.elements = elements;
    }

    public C elements() {
        return elements;
    }

    public void endList() {
        count++;
        if (count == ends.length) {
            ends = Arrays.copyOf(ends, 2 * count);
        }
        ends[count] = elements.count();
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
        elements.clear();
    }

    @Override
    public void layOut(Layout layout) {
        layout.node(count);
        layout.ints(ends, count + 1);
        elements.layOut(layout);
    }
}

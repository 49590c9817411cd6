package io.quiver.flight.client;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;

/** A column of embeddings: {@code FixedSizeList<float32>[dimension]}, filled by one copy. */
final class VectorColumn {
    private VectorColumn() {}

    static Field field(String name, int dimension) {
        Field item = new Field(
                "item", FieldType.notNullable(new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE)), null);
        return new Field(name, FieldType.notNullable(new ArrowType.FixedSizeList(dimension)), List.of(item));
    }

    /** Makes {@code column} the {@code rows} vectors that lie in {@code values} from {@code from} on. */
    static void fill(FixedSizeListVector column, float[] values, int from, int rows, int dimension) {
        column.allocateNew();
        while (column.getValueCapacity() < rows) {
            column.reAlloc();
        }
        int count = rows * dimension;
        Float4Vector items = (Float4Vector) column.getDataVector();
        items.allocateNew(count);
        MemorySegment target =
                MemorySegment.ofAddress(items.getDataBuffer().memoryAddress()).reinterpret((long) count * Float.BYTES);
        MemorySegment.copy(values, from, target, ValueLayout.JAVA_FLOAT_UNALIGNED, 0, count);
        setValid(items.getValidityBuffer().memoryAddress(), count);
        setValid(column.getValidityBuffer().memoryAddress(), rows);
        column.setValueCount(rows);
    }

    private static void setValid(long address, int count) {
        MemorySegment.ofAddress(address).reinterpret((count + 7) / 8).fill((byte) -1);
    }
}

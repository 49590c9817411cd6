package io.quiver.flight.codec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.quiver.log.record.QuiverException;
import java.util.List;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.complex.LargeListVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EmbeddingColumnTest {
    private final RootAllocator allocator = new RootAllocator();

    @AfterEach
    void everythingIsGivenBack() {
        allocator.close();
    }

    @Test
    void readsListsOfFixedSizeOfAnySizeAndLarge() {
        for (ArrowType type :
                List.of(new ArrowType.FixedSizeList(2), ArrowType.List.INSTANCE, ArrowType.LargeList.INSTANCE)) {
            try (FieldVector column = lists(type)) {
                EmbeddingColumn embeddings = EmbeddingColumn.read(column, 2);
                assertArrayEquals(new float[] {1, 2}, embeddings.at(0).toArray());
                assertArrayEquals(new float[] {3, 4}, embeddings.at(1).toArray());
            }
        }
    }

    @Test
    void refusesListsThatPointOutsideOfTheirValues() {
        try (FieldVector column = lists(ArrowType.List.INSTANCE)) {
            column.getOffsetBuffer().setInt(2 * ListVector.OFFSET_WIDTH, 1_000_000_000);
            assertRefused("column 'e': lists 0..1000000000 point outside of 4 values", column);
            column.getOffsetBuffer().setInt(2 * ListVector.OFFSET_WIDTH, -4);
            assertRefused("column 'e': lists 0..-4 point outside of 4 values", column);
        }
        try (FieldVector column = lists(ArrowType.LargeList.INSTANCE)) {
            column.getOffsetBuffer().setLong(2 * LargeListVector.OFFSET_WIDTH, Long.MAX_VALUE);
            assertRefused("column 'e': lists 0..9223372036854775807 point outside of 4 values", column);
        }
    }

    @Test
    void refusesListsOutOfOrder() {
        try (FieldVector column = lists(ArrowType.List.INSTANCE)) {
            column.getOffsetBuffer().setInt(ListVector.OFFSET_WIDTH, 5);
            EmbeddingColumn embeddings = EmbeddingColumn.read(column, 2);
            var first = assertThrows(QuiverException.class, () -> embeddings.at(0));
            assertEquals("row 0: 'e' has 5 values", first.getMessage());
            var second = assertThrows(QuiverException.class, () -> embeddings.at(1));
            assertEquals("row 1: 'e' has -1 values", second.getMessage());
        }
    }

    @Test
    void refusesTextsThatLieOutsideOfTheirBytes() {
        try (VarCharVector column = new VarCharVector("t", allocator)) {
            column.setSafe(0, new byte[] {'a', 'b'});
            column.setSafe(1, new byte[] {(byte) 0xC3, 0x28});
            column.setValueCount(2);
            TextColumn texts = TextColumn.ofText(column);
            assertEquals("ab", texts.at(0));
            var notUtf8 = assertThrows(QuiverException.class, () -> texts.at(1));
            assertEquals("row 1: 't' is not UTF-8", notUtf8.getMessage());
            column.getOffsetBuffer().setInt(VarCharVector.OFFSET_WIDTH, Integer.MAX_VALUE);
            assertThrows(QuiverException.class, () -> texts.at(0));
            assertThrows(QuiverException.class, () -> texts.at(1));
        }
    }

    private static void assertRefused(String reason, FieldVector column) {
        var refusal = assertThrows(QuiverException.class, () -> EmbeddingColumn.read(column, 2));
        assertEquals(reason, refusal.getMessage());
    }

    /** Two rows: 1, 2 and 3, 4. */
    private FieldVector lists(ArrowType type) {
        Field item =
                new Field("item", FieldType.nullable(new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE)), null);
        FieldVector column = new Field("e", FieldType.nullable(type), List.of(item)).createVector(allocator);
        column.allocateNew();
        Float4Vector values = (Float4Vector) column.getChildrenFromFields().getFirst();
        for (int i = 0; i < 4; i++) {
            values.setSafe(i, i + 1);
        }
        for (int row = 0; row < 2; row++) {
            begin(column, row);
        }
        column.setValueCount(2);
        values.setValueCount(4);
        return column;
    }

    private static void begin(FieldVector column, int row) {
        switch (column) {
            case FixedSizeListVector fixed -> fixed.setNotNull(row);
            case ListVector list -> {
                list.startNewValue(row);
                list.endValue(row, 2);
            }
            case LargeListVector list -> {
                list.startNewValue(row);
                list.endValue(row, 2);
            }
            default -> throw new IllegalArgumentException(column.toString());
        }
    }
}

package io.quiver.flight;

import io.quiver.log.record.QuiverException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.apache.arrow.flatbuf.FieldNode;
import org.apache.arrow.vector.BufferLayout;
import org.apache.arrow.vector.BufferLayout.BufferType;
import org.apache.arrow.vector.TypeLayout;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;

/**
 * What the batches of a schema must have so that they can be loaded as they are: each column as many values as its rows
 * or lists take, each buffer as many bytes as its values take.
 *
 * <p>Where something is shorter, Arrow's vectors make themselves longer while they are loaded, to whatever size a
 * damaged number says, and lose the new memory when the old does not fit into it. So a batch is refused that would make
 * one grow. And so is one whose lists or texts end before they begin, or behind their bytes: Arrow believes the last
 * offset, and writes it into a buffer that all empty columns of the process share where there are no bytes.
 *
 * <p>Rules: Arrow's "Columnar Format", "Physical Memory Layout". Immutable.
 */
final class BatchLayout {
    /** Of a stream whose schema has not come. */
    static final BatchLayout NONE = new BatchLayout(List.of());

    private static final Set<BufferType> KNOWN = EnumSet.of(BufferType.VALIDITY, BufferType.OFFSET, BufferType.DATA);

    private final List<Field> fields;
    private final int columns;
    private final int buffers;

    private BatchLayout(List<Field> fields) {
        this.fields = fields;
        columns = fields.stream().mapToInt(BatchLayout::columns).sum();
        buffers = fields.stream().mapToInt(BatchLayout::buffers).sum();
    }

    /** Refuses as {@code INVALID_ARGUMENT} columns of types whose batches cannot be checked. */
    static BatchLayout of(List<Field> fields) {
        fields.forEach(BatchLayout::requireKnown);
        return new BatchLayout(fields);
    }

    /** Refuses as {@code INVALID_ARGUMENT} what must not be loaded. */
    void require(CheckedBatch batch) {
        batch.requireShape(columns, buffers);
        for (Field field : fields) {
            long values = require(batch, field, batch.rows());
            if (values != batch.rows()) {
                throw QuiverException.invalid("a column '%s' has %d values in a batch of %d rows"
                        .formatted(field.getName(), values, batch.rows()));
            }
        }
    }

    /** @return how many values the field has, which are not fewer than {@code valuesMin} */
    private static long require(CheckedBatch batch, Field field, long valuesMin) {
        FieldNode node = batch.nextColumn();
        long values = node.length();
        if (values < valuesMin) {
            throw QuiverException.invalid(
                    "a column '%s' has %d values, not %d".formatted(field.getName(), values, valuesMin));
        }
        long end = 0;
        for (BufferLayout layout : layouts(field)) {
            requireBytes(field, layout, node, end, batch.nextBufferBytes());
            if (layout.getType() == BufferType.OFFSET && values > 0) {
                end = end(batch, field, layout, values);
            }
        }
        for (Field child : field.getChildren()) {
            require(batch, child, childValues(field, values, end));
        }
        return values;
    }

    /** Of the last list or text, as an offset into what follows. */
    private static long end(CheckedBatch batch, Field field, BufferLayout offsets, long values) {
        int width = offsets.getTypeBitWidth() / Byte.SIZE;
        long end = batch.numberAt(values * width, width);
        if (end < 0) {
            throw QuiverException.invalid(
                    "a column '%s' has a list or text that ends at %d".formatted(field.getName(), end));
        }
        return end;
    }

    /** @param textsEnd bytes that texts need */
    private static void requireBytes(Field field, BufferLayout layout, FieldNode node, long textsEnd, long bytes) {
        boolean isMarks = layout.getType() == BufferType.VALIDITY;
        boolean mayBeLeftOut = (isMarks ? node.nullCount() : node.length()) == 0;
        long bytesMin = bytes == 0 && mayBeLeftOut ? 0 : bytesMin(field, layout, node.length(), textsEnd);
        if (bytes < bytesMin) {
            throw QuiverException.invalid("a column '%s' has %d values and %d bytes for them, not %d"
                    .formatted(field.getName(), node.length(), bytes, bytesMin));
        }
    }

    private static long bytesMin(Field field, BufferLayout layout, long values, long textsEnd) {
        long bits = layout.getTypeBitWidth();
        return switch (layout.getType()) {
            case OFFSET -> (values + 1) * bits / Byte.SIZE;
            case DATA -> hasTexts(field) ? textsEnd : (values * bits + Byte.SIZE - 1) / Byte.SIZE;
            default -> (values + Byte.SIZE - 1) / Byte.SIZE;
        };
    }

    private static long childValues(Field field, long values, long listsEnd) {
        return switch (field.getType()) {
            case ArrowType.FixedSizeList fixed -> values * fixed.getListSize();
            case ArrowType.Struct _ -> values;
            default -> listsEnd;
        };
    }

    private static void requireKnown(Field field) {
        if (field.getDictionary() != null) {
            throw QuiverException.invalid("column '%s' must not be dictionary-encoded".formatted(field.getName()));
        }
        if (!isKnown(field)) {
            throw QuiverException.invalid(
                    "column '%s' has the type %s, which is not taken".formatted(field.getName(), field.getType()));
        }
        field.getChildren().forEach(BatchLayout::requireKnown);
    }

    private static boolean isKnown(Field field) {
        int children = field.getChildren().size();
        boolean isWhole = switch (field.getType()) {
            case ArrowType.Struct _ -> true;
            case ArrowType.List _, ArrowType.LargeList _, ArrowType.Map _ -> children == 1;
            case ArrowType.FixedSizeList fixed -> children == 1 && fixed.getListSize() >= 0;
            case ArrowType.FixedSizeBinary binary -> children == 0 && binary.getByteWidth() > 0;
            default -> children == 0;
        };
        return isWhole && layouts(field).stream().allMatch(layout -> KNOWN.contains(layout.getType()));
    }

    private static boolean hasTexts(Field field) {
        return layouts(field).stream().anyMatch(layout -> layout.getType() == BufferType.OFFSET);
    }

    private static List<BufferLayout> layouts(Field field) {
        return TypeLayout.getTypeLayout(field.getType()).getBufferLayouts();
    }

    private static int columns(Field field) {
        return 1 + field.getChildren().stream().mapToInt(BatchLayout::columns).sum();
    }

    private static int buffers(Field field) {
        return layouts(field).size()
                + field.getChildren().stream().mapToInt(BatchLayout::buffers).sum();
    }
}

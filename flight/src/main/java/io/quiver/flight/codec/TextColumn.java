package io.quiver.flight.codec;

import io.quiver.log.record.QuiverException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.BaseLargeVariableWidthVector;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.LargeVarCharVector;
import org.apache.arrow.vector.VarCharVector;
import org.jspecify.annotations.Nullable;

/** Texts or bytes that came from outside; offsets are checked before anything is allocated for them. */
public final class TextColumn {
    private static final char REPLACEMENT = '\uFFFD';

    private final FieldVector column;
    private final boolean isLarge;

    private TextColumn(FieldVector column, boolean isLarge) {
        this.column = column;
        this.isLarge = isLarge;
    }

    /** Refuses columns that are not {@code utf8} or {@code large_utf8}. */
    public static TextColumn ofText(FieldVector column) {
        return switch (column) {
            case VarCharVector _ -> new TextColumn(column, false);
            case LargeVarCharVector _ -> new TextColumn(column, true);
            default ->
                throw QuiverException.invalid("column '%s' must be utf8, not %s"
                        .formatted(column.getName(), column.getField().getType()));
        };
    }

    /** Any column of variable width, for its bytes. */
    public static TextColumn ofBytes(FieldVector column) {
        return switch (column) {
            case BaseVariableWidthVector _ -> new TextColumn(column, false);
            case BaseLargeVariableWidthVector _ -> new TextColumn(column, true);
            default -> throw QuiverException.invalid("column '%s' must be binary".formatted(column.getName()));
        };
    }

    /** Null where the entry is null; refuses what is not UTF-8. */
    public @Nullable String at(int row) {
        byte[] utf8 = bytesAt(row);
        if (utf8 == null) {
            return null;
        }
        String text = new String(utf8, StandardCharsets.UTF_8);
        if (text.indexOf(REPLACEMENT) >= 0) {
            checkUtf8(row, utf8);
        }
        return text;
    }

    public byte @Nullable [] bytesAt(int row) {
        if (column.isNull(row)) {
            return null;
        }
        long start = offset(row);
        long end = offset(row + 1);
        ArrowBuf data = column.getDataBuffer();
        if (start < 0 || end < start || end > data.capacity()) {
            throw QuiverException.invalid("row %d: '%s' lies at %d..%d of %d bytes"
                    .formatted(row, column.getName(), start, end, data.capacity()));
        }
        byte[] bytes = new byte[Math.toIntExact(end - start)];
        data.getBytes(start, bytes);
        return bytes;
    }

    private long offset(int row) {
        ArrowBuf offsets = column.getOffsetBuffer();
        return isLarge ? offsets.getLong((long) row * Long.BYTES) : offsets.getInt((long) row * Integer.BYTES);
    }

    private void checkUtf8(int row, byte[] utf8) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8));
        } catch (CharacterCodingException e) {
            throw QuiverException.invalid("row %d: '%s' is not UTF-8".formatted(row, column.getName()));
        }
    }
}

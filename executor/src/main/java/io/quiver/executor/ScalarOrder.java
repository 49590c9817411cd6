package io.quiver.executor;

import io.quiver.log.record.MetadataValue;
import io.quiver.log.record.MetadataValue.Bool;
import io.quiver.log.record.MetadataValue.Int;
import io.quiver.log.record.MetadataValue.Real;
import io.quiver.log.record.MetadataValue.Scalar;
import io.quiver.log.record.MetadataValue.Text;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** Metadata values in order: what is absent, truth values, numbers of both kinds by what they are worth, texts. */
final class ScalarOrder {
    private ScalarOrder() {}

    /** Equal for values that are equal: an integer, and the floating-point number of the same worth. */
    static @Nullable Object identity(@Nullable MetadataValue value) {
        return value instanceof Real(double number) && number == Math.rint(number) && Math.abs(number) < 0x1p63
                ? new Int((long) number)
                : value;
    }

    static int compare(@Nullable Scalar left, @Nullable Scalar right) {
        int kinds = Integer.compare(kind(left), kind(right));
        if (kinds != 0 || left == null || right == null) {
            return kinds;
        }
        return switch (left) {
            case Bool(boolean truth) -> Boolean.compare(truth, right.equals(new Bool(true)));
            case Text(String text) -> right instanceof Text(String other) ? text.compareTo(other) : 0;
            case Int _, Real _ -> compareNumbers(left, right);
        };
    }

    private static int kind(@Nullable Scalar value) {
        return switch (value) {
            case null -> 0;
            case Bool _ -> 1;
            case Int _, Real _ -> 2;
            case Text _ -> 3;
        };
    }

    private static int compareNumbers(Scalar left, Scalar right) {
        if (left instanceof Int(long number) && right instanceof Int(long other)) {
            return Long.compare(number, other);
        }
        if (left instanceof Real(double number) && right instanceof Real(double other)) {
            return number == other ? 0 : Double.compare(number, other);
        }
        return exact(left).compareTo(exact(right));
    }

    private static BigDecimal exact(Scalar number) {
        return switch (number) {
            case Int(long whole) -> BigDecimal.valueOf(whole);
            case Real(double real) -> new BigDecimal(real);
            case Bool _, Text _ -> throw new IllegalArgumentException("not a number: " + number);
        };
    }
}

package io.quiver.gateway.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** How values compare: numbers by what they are worth, without rounding, and others with their like. */
final class Scalars {
    private Scalars() {}

    static boolean areEqual(@Nullable JsonNode value, JsonNode wanted) {
        if (value == null || value.isArray()) {
            return false;
        }
        return value.isNumber() && wanted.isNumber() ? compare(value, wanted) == 0 : value.equals(wanted);
    }

    static int compare(JsonNode left, JsonNode right) {
        return decimal(left).compareTo(decimal(right));
    }

    private static BigDecimal decimal(JsonNode number) {
        return number.isIntegralNumber()
                ? BigDecimal.valueOf(number.longValue())
                : new BigDecimal(number.doubleValue());
    }
}

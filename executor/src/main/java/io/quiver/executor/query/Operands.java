package io.quiver.executor.query;

import com.fasterxml.jackson.databind.JsonNode;
import io.quiver.log.record.MetadataValue.Bool;
import io.quiver.log.record.MetadataValue.Int;
import io.quiver.log.record.MetadataValue.Real;
import io.quiver.log.record.MetadataValue.Scalar;
import io.quiver.log.record.MetadataValue.Text;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Values in filters, from JSON; {@code null} where the JSON is not such a value. */
final class Operands {
    private Operands() {}

    static @Nullable Scalar scalar(JsonNode json) {
        return switch (json.getNodeType()) {
            case STRING -> textValue(json);
            case BOOLEAN -> new Bool(json.booleanValue());
            case NUMBER -> number(json);
            case ARRAY, BINARY, MISSING, NULL, OBJECT, POJO -> null;
        };
    }

    private static @Nullable Text textValue(JsonNode json) {
        String text = text(json);
        return text == null ? null : new Text(text);
    }

    /** An integer beyond 64 bits is a floating-point number, as in other readers of JSON. */
    static @Nullable Scalar number(JsonNode json) {
        if (json.isIntegralNumber() && json.canConvertToLong()) {
            return new Int(json.longValue());
        }
        return json.isNumber() ? real(json) : null;
    }

    static @Nullable Real real(JsonNode json) {
        return json.isNumber() && Double.isFinite(json.doubleValue()) ? new Real(json.doubleValue()) : null;
    }

    /** A text that can be written as UTF-8: half a surrogate pair is none. */
    static @Nullable String text(JsonNode json) {
        return json.isTextual() && StandardCharsets.UTF_8.newEncoder().canEncode(json.textValue())
                ? json.textValue()
                : null;
    }
}

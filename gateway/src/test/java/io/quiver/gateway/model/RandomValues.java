package io.quiver.gateway.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Draws what records hold from a small world, so that filters meet it, and just miss it. */
final class RandomValues {
    static final int DIMENSION = 3;

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final List<String> KEYS = List.of("a", "b", "ab", "é", "a.b", "k#$", " ", "k".repeat(300));
    private static final List<Long> INTEGERS = List.of(
            0L,
            1L,
            -1L,
            2L,
            3L,
            1L << 53,
            (1L << 53) + 1,
            -(1L << 53) - 1,
            Long.MAX_VALUE,
            Long.MAX_VALUE - 1,
            Long.MIN_VALUE);
    private static final List<Double> REALS = List.of(
            0.0,
            -0.0,
            1.0,
            1.5,
            -0.5,
            2.0,
            0x1p53,
            0x1p63,
            -0x1p63,
            Math.nextDown(0x1p63),
            Double.MIN_VALUE,
            Double.MAX_VALUE,
            -Double.MAX_VALUE);
    private static final List<String> TEXTS =
            List.of("", "x", "y", "xy", "\0", "ü", "🏹", "x\"y\\", "t".repeat(256), "t".repeat(257), "1");
    private static final List<String> LETTERS =
            List.of("a", "a", "b", "b", "c", "A", "K", "s", "1", " ", "ü", "한", "\n", ".", "\u212A", "\u017F", "🏹");

    private final RandomDraw draw;

    RandomValues(RandomDraw draw) {
        this.draw = draw;
    }

    String key() {
        return draw.of(KEYS);
    }

    List<Integer> embedding() {
        return draw.several(DIMENSION, DIMENSION, () -> draw.below(7) - 3);
    }

    @Nullable String document() {
        return draw.oneIn(6) ? null : text(30);
    }

    @Nullable String uri() {
        return draw.oneIn(2) ? null : "u:" + draw.below(100);
    }

    String text(int lengthMax) {
        return draw.several(0, lengthMax, () -> draw.of(LETTERS)).stream().collect(Collectors.joining());
    }

    Map<String, JsonNode> metadata() {
        Map<String, JsonNode> fields = new HashMap<>();
        draw.several(0, 5, this::key).forEach(key -> fields.put(key, draw.oneIn(4) ? array() : scalar()));
        return fields;
    }

    JsonNode scalar() {
        return kind().get();
    }

    JsonNode number() {
        return draw.oneIn(2) ? integer() : real();
    }

    JsonNode real() {
        return JSON.numberNode((double) draw.of(REALS));
    }

    /** A source of values of one kind. */
    Supplier<JsonNode> kind() {
        return draw.of(List.of(
                this::integer, this::real, () -> JSON.booleanNode(draw.oneIn(2)), () -> JSON.textNode(draw.of(TEXTS))));
    }

    private JsonNode integer() {
        return JSON.numberNode((long) draw.of(INTEGERS));
    }

    private ArrayNode array() {
        return JSON.arrayNode().addAll(draw.several(0, 3, kind()));
    }
}

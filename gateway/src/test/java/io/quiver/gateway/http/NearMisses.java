package io.quiver.gateway.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Draws JSON that a schema of the API's description nearly allows: most values are as it says, some are not, and now
 * and then the text is no JSON at all. The same seed draws the same.
 */
final class NearMisses {
    private static final int DEPTH_MAX = 8;
    private static final int DIMENSION = 3;

    /** One value in so many is not what the schema says. */
    private static final int MISS = 40;

    private static final List<String> WRONG = List.of(
            "null",
            "true",
            "0",
            "-1",
            "1e400",
            "-0.0",
            "9223372036854775808",
            "18446744073709551616",
            "2147483648",
            "1.5",
            "\"\"",
            "\"\\u0000\"",
            "\"\\ud800\"",
            "[]",
            "{}",
            "[[]]",
            "[null]",
            "{\"\":null}",
            "{\"$and\":[]}",
            "{\"$or\":{}}",
            "NaN",
            "tru",
            "'x'",
            "");

    private static final List<String> TEXTS = List.of(
            "a",
            "b",
            "c",
            "hello",
            "",
            "x y",
            "\\u00e9\\ud83d\\ude00",
            "#document",
            "#id",
            "$eq",
            "k",
            "s",
            "..",
            "%00");
    private static final List<String> KEYS =
            List.of("k", "s", "t", "b", "chroma:document", "#id", "#document", "", "new");
    private static final List<String> OPERATORS = List.of(
            "$eq", "$ne", "$gt", "$gte", "$lt", "$lte", "$in", "$nin", "$contains", "$not_contains", "$regex", "$x");
    private static final List<String> REGEXES =
            List.of("h.*o", "(", "(a|b)*c", "[a-z]{2,5}", "a{1000}", "\\\\b", "(?i)HELLO", "(.*)*", "\\\\p{L}+", "");

    private final JsonNode api;
    private final SplittableRandom random;
    private boolean isRight;

    NearMisses(JsonNode api, SplittableRandom random) {
        this.api = api;
        this.random = random;
    }

    /** The text of a body; every other one is right as far as its schema can tell. */
    String body(JsonNode schema) {
        isRight = random.nextBoolean();
        String text = value(schema, "", 0);
        return isRight ? text : broken(text);
    }

    private String broken(String text) {
        return switch (random.nextInt(40)) {
            case 0 -> text.substring(0, random.nextInt(text.length() + 1));
            case 1 -> text + one(WRONG);
            case 2 -> "[".repeat(random.nextInt(200)) + text;
            case 3 -> text.replace("\"", "");
            default -> text;
        };
    }

    /** A value of a field with this name. */
    private String value(JsonNode schema, String name, int depth) {
        if (misses(MISS) || depth > DEPTH_MAX) {
            return one(WRONG);
        }
        return switch (name) {
            case "where", "filter" -> condition(depth);
            case "where_document" -> documentCondition(depth);
            case "id" -> "\"r" + random.nextInt(100) + "\"";
            case "payload" -> value(api.at("/components/schemas/Records"), "", depth + 1);
            default -> described(schema, name, depth);
        };
    }

    private String described(JsonNode schema, String name, int depth) {
        if (schema.has("$ref")) {
            return value(api.at(schema.get("$ref").textValue().substring(1)), name, depth + 1);
        }
        for (String choice : List.of("oneOf", "enum", "allOf")) {
            if (schema.has(choice)) {
                JsonNode chosen =
                        schema.get(choice).get(random.nextInt(schema.get(choice).size()));
                return choice.equals("enum") ? chosen.toString() : value(chosen, name, depth + 1);
            }
        }
        return typed(type(schema), schema, name, depth);
    }

    private String type(JsonNode schema) {
        JsonNode type = schema.path("type");
        return type.isArray() ? type.get(random.nextInt(type.size())).textValue() : type.asText("anything");
    }

    private String typed(String type, JsonNode schema, String name, int depth) {
        return switch (type) {
            case "object" -> object(schema, depth);
            case "array" -> array(schema, name, depth);
            case "string" -> schema.has("contentEncoding") ? base64() : text();
            case "integer" -> integer(schema);
            case "number" -> number();
            case "boolean" -> Boolean.toString(random.nextBoolean());
            case "null" -> "null";
            default -> scalar();
        };
    }

    private String object(JsonNode schema, int depth) {
        List<String> fields = new ArrayList<>();
        boolean picksOne = schema.path("maxProperties").asInt() == 1 && schema.has("properties");
        int picked = picksOne ? random.nextInt(schema.get("properties").size()) : -1;
        int at = 0;
        for (var property : schema.path("properties").properties()) {
            if (picksOne ? at++ == picked : isGiven(schema, property.getKey())) {
                fields.add(field(property.getKey(), value(property.getValue(), property.getKey(), depth + 1)));
            }
        }
        if (schema.has("additionalProperties") || misses(MISS)) {
            for (int i = random.nextInt(4); i > 0; i--) {
                fields.add(field(one(KEYS), value(schema.path("additionalProperties"), "", depth + 1)));
            }
        }
        if (!fields.isEmpty() && misses(MISS)) {
            fields.add(fields.get(random.nextInt(fields.size())));
        }
        return "{" + String.join(",", fields) + "}";
    }

    private boolean isGiven(JsonNode schema, String name) {
        for (JsonNode required : schema.path("required")) {
            if (required.textValue().equals(name)) {
                return !misses(MISS);
            }
        }
        return random.nextInt(3) == 0;
    }

    private static String field(String name, String value) {
        return "\"" + name + "\":" + value;
    }

    /** Embeddings mostly have the dimension of the collection, columns mostly the length of the others. */
    private String array(JsonNode schema, String name, int depth) {
        JsonNode items = schema.path("items");
        boolean isEmbedding = items.path("type").asText().equals("number");
        int usual = isEmbedding ? DIMENSION : 2;
        int size = misses(8) ? random.nextInt(6) : usual;
        List<String> values = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            values.add(value(items, name.equals("ids") ? "id" : "", depth + 1));
        }
        return "[" + String.join(",", values) + "]";
    }

    private String text() {
        return switch (random.nextInt(60)) {
            case 0 -> "\"" + "x".repeat(random.nextInt(20_000)) + "\"";
            case 1 -> "\"c-" + Long.toHexString(random.nextLong()) + "\"";
            default -> "\"" + one(TEXTS) + "\"";
        };
    }

    private String integer(JsonNode schema) {
        return switch (isRight ? 3 : random.nextInt(8)) {
            case 0 -> Long.toString(schema.path("maximum").asLong(Integer.MAX_VALUE) + random.nextInt(3) - 1);
            case 1 -> Long.toString(schema.path("minimum").asLong(0) - random.nextInt(2));
            case 2 -> Long.toString(random.nextLong());
            default -> Integer.toString(random.nextInt(20));
        };
    }

    private String number() {
        return switch (isRight ? 3 : random.nextInt(12)) {
            case 0 -> Float.toString(Float.intBitsToFloat(random.nextInt()));
            case 1 -> "1e" + (random.nextInt(90) - 45);
            case 2 -> "0";
            default -> Double.toString(random.nextDouble() * 2 - 1);
        };
    }

    private String scalar() {
        return switch (random.nextInt(4)) {
            case 0 -> text();
            case 1 -> number();
            case 2 -> Integer.toString(random.nextInt(4));
            default -> Boolean.toString(random.nextBoolean());
        };
    }

    private String base64() {
        byte[] bytes = new byte[misses(6) ? random.nextInt(20) : DIMENSION * Float.BYTES];
        random.nextBytes(bytes);
        String text = Base64.getEncoder().encodeToString(bytes);
        return "\"" + (misses(8) ? text.replace("=", "!") + "=" : text) + "\"";
    }

    private String condition(int depth) {
        int choice = random.nextInt(depth > 3 ? 3 : 5);
        String key = one(KEYS);
        return switch (choice) {
            case 0 -> "{" + field(key, scalar()) + "}";
            case 1 -> "{" + field(key, "{" + field(one(OPERATORS), operand()) + "}") + "}";
            case 2 -> "{" + field(key, "{" + field("$in", "[" + scalar() + "," + scalar() + "]") + "}") + "}";
            default -> combined(() -> condition(depth + 1));
        };
    }

    private String operand() {
        return random.nextInt(4) == 0 ? "[" + scalar() + "]" : random.nextInt(12) == 0 ? one(WRONG) : scalar();
    }

    private String documentCondition(int depth) {
        return switch (random.nextInt(depth > 3 ? 3 : 4)) {
            case 0 -> "{" + field("$contains", text()) + "}";
            case 1 -> "{" + field(random.nextBoolean() ? "$regex" : "$not_regex", "\"" + one(REGEXES) + "\"") + "}";
            case 2 -> "{" + field(one(OPERATORS), text()) + "}";
            default -> combined(() -> documentCondition(depth + 1));
        };
    }

    private String combined(java.util.function.Supplier<String> operand) {
        List<String> operands = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            operands.add(operand.get());
        }
        return "{" + field(random.nextBoolean() ? "$and" : "$or", "[" + String.join(",", operands) + "]") + "}";
    }

    /** Once in so many times, where something is to be wrong. */
    private boolean misses(int times) {
        return !isRight && random.nextInt(times) == 0;
    }

    private String one(List<String> of) {
        return of.get(random.nextInt(of.size()));
    }
}

package io.quiver.gateway.http;

import static io.quiver.gateway.http.Bodies.assertBroken;
import static io.quiver.gateway.http.Bodies.assertWrongShape;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quiver.log.record.ErrorCode;
import io.quiver.log.record.QuiverException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonCursorTest {
    @Test
    void givesEachFieldItsValue() {
        Map<String, String> fields = fields(" {\"a\" : [1, {\"b\":\"}\"}] ,\n\"\\u0063\":\"x\\\"y\", \"d\":-1.5e3}\n");
        assertEquals(Map.of("a", "[1, {\"b\":\"}\"}]", "c", "\"x\\\"y\"", "d", "-1.5e3"), fields);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "``|EOF while parsing a value at line 1 column 0",
                "{|EOF while parsing an object at line 1 column 1",
                "{bad|key must be a string at line 1 column 2",
                "{\"a\"|EOF while parsing an object at line 1 column 4",
                "{\"a\"1}|expected `:` at line 1 column 5",
                "{\"a\":}|expected value at line 1 column 6",
                "{\"a\":1|EOF while parsing an object at line 1 column 6",
                "{\"a\":1 2}|expected `,` or `}` at line 1 column 8",
                "{\"a\":1,}|trailing comma at line 1 column 8",
                "{\"a\":1}}|trailing characters at line 1 column 8",
                "{\"a\":\"|EOF while parsing a string at line 1 column 6",
                "{\"a\":[1|EOF while parsing a value at line 1 column 7",
                "{\"a\":'x'}|expected value at line 1 column 6",
                "{\"a\":\"\\ud800\"}|lone leading surrogate in hex escape at line 1 column 8",
                "{\"a\":\"\\udc00\\ud800\"}|lone leading surrogate in hex escape at line 1 column 8"
            })
    void saysWhatIsNotJsonAndWhere(String json, String problem) {
        assertBroken(problem, () -> fields(json));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":nul}",
                "{\"a\":[1,]}",
                "{\"a\":[}",
                "{\"a\":{\"b\"}}",
                "{\"a\":01}",
                "{\"a\":1.}",
                "{\"a\":NaN}",
                "{\"a\":\"\\x\"}",
                "{\"a\":\"\\u12\"}",
                "{\"a\":[1 2]}",
                "{\"a\":\"\u0001\"}",
                "{\"a\":{]}",
                "{\"a\":[1}}"
            })
    void refusesWhatIsNotJsonInsideAFieldThatNobodyKnows(String json) {
        QuiverException refusal = assertThrows(QuiverException.class, () -> FieldsRequest.read(Bodies.of(json)));
        assertEquals(ErrorCode.INVALID_ARGUMENT, refusal.code());
        assertTrue(refusal.getMessage().startsWith("Failed to parse the request body as JSON: "));
    }

    @Test
    void countsLines() {
        assertBroken("key must be a string at line 3 column 2", () -> fields("{\n\"a\":1,\n b}"));
    }

    @Test
    void wantsAnObject() {
        assertWrongShape("invalid type: sequence, expected an object at line 1 column 1", () -> fields("[1]"));
        assertWrongShape("invalid type: null, expected an object at line 1 column 2", () -> fields(" null"));
        assertWrongShape("invalid type: integer `5`, expected an object at line 1 column 1", () -> fields("5"));
        assertBroken("trailing characters at line 1 column 3", () -> fields("5 5"));
    }

    @Test
    void refusesTheSameFieldTwice() {
        assertWrongShape(
                "duplicate field `name` at line 1 column 19",
                () -> FieldsRequest.read(Bodies.of("{\"name\":1,\"name\":2}"), "name"));
    }

    @Test
    void refusesNestingDeeperThanItsLimit() {
        int inside = RequestLimits.DEFAULT.jsonDepthMax() - 1;
        assertEquals(
                1,
                fields("{\"a\":" + "[".repeat(inside) + "]".repeat(inside) + "}")
                        .size());
        assertBroken(
                "recursion limit exceeded at line 1 column 70",
                () -> fields("{\"a\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"80", "c080", "c3", "e282", "eda080", "f8888080", "ff", "f4908080"})
    void refusesBytesThatAreNotUtf8(String hex) {
        ByteArrayOutputStream json = new ByteArrayOutputStream();
        json.writeBytes("{\"a\":\"".getBytes(StandardCharsets.UTF_8));
        json.writeBytes(java.util.HexFormat.of().parseHex(hex));
        json.writeBytes("\"}".getBytes(StandardCharsets.UTF_8));
        assertBroken(
                "invalid unicode code point at line 1 column 6",
                () -> FieldsRequest.read(Bodies.of(json.toByteArray()), "a"));
    }

    @Test
    void keepsEveryCharacter() {
        String text = "é 向量 🏹 \u0000 \" \\ / \u2028";
        String json = "{\"name\":\"é 向量 \\uD83C\\uDFF9 \\u0000 \\\" \\\\ \\/ \u2028\"}";
        assertEquals(text, FieldsRequest.read(Bodies.of(json), "name").requiredText("name"));
    }

    /** No bytes make it fail in any other way than by a refusal. */
    @Test
    void survivesRandomBytes() {
        long seed = System.nanoTime();
        System.out.println("JsonCursorTest seed " + seed);
        SplittableRandom random = new SplittableRandom(seed);
        byte[] letters = "{}[]\":,\\u dD8ct1.e-nul\u00e9x".getBytes(StandardCharsets.UTF_8);
        int refused = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[random.nextInt(40)];
            for (int j = 0; j < bytes.length; j++) {
                bytes[j] = letters[random.nextInt(letters.length)];
            }
            try {
                FieldsRequest.read(Bodies.of(bytes), "a");
            } catch (QuiverException refusal) {
                refused++;
            }
        }
        assertTrue(refused > 10_000, "refused " + refused);
    }

    private static Map<String, String> fields(String json) {
        Map<String, String> fields = new LinkedHashMap<>();
        new JsonCursor(Bodies.of(json)).readObject((name, in) -> {
            JsonValue value = in.value(name);
            value.check();
            fields.put(
                    name,
                    new String(value.body().bytes(), value.from(), value.to() - value.from(), StandardCharsets.UTF_8));
            return true;
        });
        return fields;
    }
}
